// On a narrow screen the tabs scroll sideways: the one you are on is in sight.
const here = document.querySelector(".nav-tabs [aria-current], .nav-tabs .active");
const bar = here?.closest(".nav-tabs");
if (bar && bar.scrollWidth > bar.clientWidth) {
  bar.scrollLeft = here.offsetLeft - bar.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
}
