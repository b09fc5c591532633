// Photos of a form: shrunk, shown, and kept with its draft until it is sent.
import { all, put, remove } from "./offline-store.js";

const account = document.body.dataset.account;
const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const MOST = 9;

async function shrink(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob ?? file;
  } catch {
    return file; // a kind that this browser cannot draw: the server reads it
  }
}

const keyOf = (form) => `${account}:${form.dataset.draft}`;

async function start(box) {
  const form = box.closest("form");
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-photo-list]");
  const key = keyOf(form);
  form.pictures = [];
  const kept = (await all("photos")).find((each) => each.key === key);
  form.pictures = kept ? [...kept.blobs, ...form.pictures] : form.pictures;

  function show() {
    const blank = box.querySelector("template");
    list.replaceChildren(...form.pictures.map((blob, index) => {
      const item = blank.content.firstElementChild.cloneNode(true);
      item.querySelector("img").src = URL.createObjectURL(blob);
      item.querySelector("button").addEventListener("click", () => {
        form.pictures.splice(index, 1);
        changed();
      });
      return item;
    }));
    box.querySelector("[data-photo-count]").textContent = `${form.pictures.length}/${MOST}`;
  }

  function changed() {
    show();
    if (form.pictures.length) put("photos", { key, blobs: form.pictures });
    else remove("photos", key);
  }

  input.addEventListener("change", async () => {
    const files = [...input.files].slice(0, MOST - form.pictures.length);
    input.value = "";
    for (const file of files) form.pictures.push(await shrink(file));
    changed();
  });
  show();
}

function startAll() {
  for (const box of document.querySelectorAll("form [data-photos]")) start(box);
}

// The outbox takes the pictures from the form; the browser itself sends what its field holds.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.pictures || form.dataset.outbox !== undefined) return;
  const files = new DataTransfer();
  form.pictures.forEach((blob, index) => files.items.add(new File([blob], `${index + 1}.jpg`, { type: blob.type })));
  form.querySelector("[data-photos] input[type=file]").files = files.files;
  sessionStorage.setItem("photos-sent", keyOf(form));
});

// The page after that: unless the form is there again, refused, its pictures are on the server.
const sent = sessionStorage.getItem("photos-sent");
sessionStorage.removeItem("photos-sent");
if (sent && ![...document.querySelectorAll("form[data-draft]")].some((form) => keyOf(form) === sent)) remove("photos", sent);
document.addEventListener("page:replaced", startAll);
startAll();
