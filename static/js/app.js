// What every page runs. Each module does one thing and starts itself.
import "./menu.js";
import "./toast.js";
