// What every page runs. Each module does one thing and starts itself.
import "./menu.js";
import "./toast.js";
import "./clock.js";
import "./submit-once.js";
import "./session.js";
import "./outbox.js";
import "./offline.js";
import "./visit.js";
import "./drafts.js";
import "./combobox.js";
import "./intake.js";
import "./drawer.js";
import "./sheet.js";
import "./poll.js";
import "./followups_bell.js";
import "./reveal.js";
import "./shortcuts.js";
