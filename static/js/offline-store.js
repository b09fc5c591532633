// Two drawers in this browser's IndexedDB: records not sent yet, and photos of open forms.
// Without IndexedDB (some private windows) they last as long as the page.
const memory = { items: new Map(), photos: new Map() };
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("yamei", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("items", { keyPath: "key" });
      request.result.createObjectStore("photos", { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function act(drawer, mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const change = db.transaction(drawer, mode);
    const request = work(change.objectStore(drawer));
    change.oncomplete = () => resolve(request.result);
    change.onerror = change.onabort = () => reject(change.error);
  });
}

// True if it will outlive the page.
export async function put(drawer, value) {
  try {
    await act(drawer, "readwrite", (store) => store.put(value));
    memory[drawer].delete(value.key);
    return true;
  } catch {
    memory[drawer].set(value.key, value);
    return false;
  }
}

export async function all(drawer) {
  const kept = await act(drawer, "readonly", (store) => store.getAll()).catch(() => []);
  return [...kept, ...memory[drawer].values()];
}

export async function remove(drawer, key) {
  memory[drawer].delete(key);
  await act(drawer, "readwrite", (store) => store.delete(key)).catch(() => null);
}
