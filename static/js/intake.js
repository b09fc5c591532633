// The intake form: first key starts the contact, picks fill fields, the draft is kept on the server.
import { isPending, settled } from "./combobox.js";
import { countDown } from "./clock.js";
import { token } from "./csrf.js";
import { uuid } from "./uuid.js";
import { say } from "./words.js";

const DRAFT_MS = 2000;

class Intake {
  constructor(form) {
    this.form = form;
    this.fields = form.elements;
    form.dataset.started = "1";
    if (!this.fields.client_key.value) this.fields.client_key.value = uuid();
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("change", () => { this.isDirty = true; });
    this.fields.who.addEventListener("pick", (event) => this.pickWho(event.detail.option));
    this.fields.who.addEventListener("highlight", (event) => this.showCard(event.detail.option.dataset, 200));
    this.fields.who.addEventListener("passed", () => this.next(["content"]));
    this.fields.content.addEventListener("pick", (event) => this.pickPhrase(event.detail.option));
    this.fields.content.addEventListener("passed", () => this.next(["appointment_at"]));
    for (const button of form.querySelectorAll("[data-focus]")) {
      button.addEventListener("click", () => this.fields[button.dataset.focus]?.focus());
    }
    this.timer = setInterval(() => {
      if (!form.isConnected) clearInterval(this.timer);
      else if (this.isDirty) this.save();
    }, DRAFT_MS);
    setInterval(() => {
      const chip = form.isConnected && form.querySelector("[data-dispatch-clock]:not([hidden])");
      if (chip) countDown(chip);
    }, 1000);
    if (this.fields.unit.value || this.fields.resident.value || this.fields.place.value) {
      this.pickedText = this.fields.who.value;
      this.showCard({ unit: this.fields.unit.value, resident: this.fields.resident.value, place: this.fields.place.value }, 0);
    }
    if (this.fields.started_at.value) this.save();
  }

  next(names) {
    const empty = names.map((name) => this.fields[name]).find((field) => field && !field.value);
    (empty ?? this.fields[names[names.length - 1]])?.focus();
  }

  typed(event) {
    this.isDirty = true;
    const name = event.target.name;
    if (name === "who" && this.pickedText !== undefined && event.target.value !== this.pickedText) {
      for (const id of ["unit", "resident", "place"]) this.fields[id].value = "";
      this.pickedText = undefined;
      this.card.replaceChildren();
    }
    if (name === "appointment_at") this.echo();
    if (!this.fields.started_at.value) {
      this.fields.started_at.value = new Date().toISOString();
      this.save();
    }
  }

  get card() {
    return this.form.querySelector("[data-card]");
  }

  pickWho(option) {
    const { unit = "", resident = "", place = "" } = option.dataset;
    Object.assign(this.fields.unit, { value: unit });
    Object.assign(this.fields.resident, { value: resident });
    Object.assign(this.fields.place, { value: place });
    this.pickedText = this.fields.who.value;
    this.isDirty = true;
    this.showCard(option.dataset, 0);
  }

  pickPhrase(option) {
    const { category, where, priority, item = "", incident } = option.dataset;
    this.fields.category.value = category;
    this.fields.where.value = where;
    this.fields.service_item.value = item;
    for (const radio of this.form.querySelectorAll("[name=priority]")) radio.checked = radio.value === priority;
    const note = this.form.querySelector("[data-incident-note]");
    if (note) note.hidden = !incident;
    this.isDirty = true;
  }

  showCard({ unit = "", resident = "", place = "" }, delay) {
    const wanted = `unit=${unit}&resident=${resident}&place=${place}`;
    if (wanted === this.cardOf) return;
    this.cardOf = wanted;
    clearTimeout(this.cardTimer);
    this.cardTimer = setTimeout(async () => {
      const answer = await fetch(`${this.form.dataset.cardUrl}?${wanted}`, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (!answer?.ok || wanted !== this.cardOf) return;
      this.card.innerHTML = await answer.text();
      window.htmx?.process(this.card);
    }, delay);
  }

  echo() {
    clearTimeout(this.echoTimer);
    this.echoTimer = setTimeout(async () => {
      const text = this.fields.appointment_at.value;
      const line = this.form.querySelector("[data-echo]");
      if (!text) return line.replaceChildren();
      const answer = await fetch(`${this.form.dataset.momentUrl}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer?.ok && text === this.fields.appointment_at.value) line.innerHTML = await answer.text();
    }, 250);
  }

  async save() {
    this.isDirty = false;
    const note = this.form.querySelector("[data-draft-note]");
    const time = new Date().toTimeString().slice(0, 8);
    try {
      const answer = await fetch(this.form.dataset.draftUrl, {
        method: "POST", body: new FormData(this.form), keepalive: true,
        headers: { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token() },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { start, due } = await answer.json();
      note.textContent = say("draftSaved", time);
      const chip = this.form.querySelector("[data-dispatch-clock]");
      if (due && chip) {
        Object.assign(chip.dataset, { due, start });
        chip.hidden = false;
        countDown(chip);
      }
    } catch {
      if (note) note.textContent = say("draftHere", time);
    }
  }
}

export function start(form) {
  if (form && !form.dataset.started) new Intake(form);
}

// A form is sent when every pick has its answer: Enter and Ctrl+Enter may follow at once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-draft=intake]") || !isPending()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  // A task of its own: a form ignores being sent while its submit event is still under way.
  settled().then(() => setTimeout(() => form.requestSubmit(submitter)));
}, true);
