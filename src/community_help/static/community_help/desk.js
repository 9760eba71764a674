// What makes the pages quicker to use. Every page works without it.
//
// <form data-ch-ctrl-enter>                Ctrl+Enter (or Cmd+Enter) presses its first submit button that sends it to its own action.
// <form data-ch-autosave="URL">            posts itself there a moment after each change; URL may be left out: its own action.
//   data-ch-saved="Everything saved, %s"   words for [data-ch-save-status] anywhere on the page; %s is the time
//   data-ch-saving, data-ch-unsaved        words while it saves, and when that failed
// <form data-ch-undo-until="ISO instant">  counts down in [data-ch-undo-left] and goes when it is too late.
// [data-ch-since="ISO instant"]            shows the minutes and seconds since then.
//   data-ch-now="ISO instant"              on either: the server's time, for a device whose clock is wrong.
// .ch-row, .ch-lead                        j and k move through them, Enter opens.
// <details data-ch-menu>                   closes on Escape and on a click elsewhere.

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form[data-ch-ctrl-enter]") || document.querySelector("form[data-ch-ctrl-enter]");
    const button = form?.querySelector("[type=submit]:not([disabled], [formaction])");
    if (button) {
      event.preventDefault();
      form.requestSubmit(button);
    }
    return;
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-ch-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "j" || event.key === "k") moveRow(event.key === "j" ? 1 : -1);
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-ch-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

function moveRow(step) {
  const rows = [...document.querySelectorAll(".ch-row, .ch-lead")];
  if (rows.length === 0) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[next].querySelector("a, button")?.focus();
  rows[next].scrollIntoView({ block: "nearest" });
}

function autosave(form) {
  const status = document.querySelector("[data-ch-save-status]");
  const say = (words) => { if (status && words) status.textContent = words; };
  const address = form.dataset.chAutosave || form.action;
  let timer = 0; // runs while something typed has not been sent
  let saving = false;
  let submitted = false;

  const soon = (wait) => { clearTimeout(timer); timer = submitted ? 0 : setTimeout(save, wait); };
  async function save() {
    timer = 0;
    if (saving) return soon(300);
    saving = true;
    say(form.dataset.chSaving);
    try {
      const headers = { "X-Requested-With": "XMLHttpRequest" };
      const answer = await fetch(address, { method: "POST", body: new FormData(form), headers, credentials: "same-origin" });
      if (answer.ok && !answer.redirected) {
        const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
        const time = new Intl.DateTimeFormat(document.documentElement.lang, clock).format(new Date());
        say(form.dataset.chSaved?.replace("%s", time));
        form.dispatchEvent(new CustomEvent("ch:saved", { bubbles: true, detail: await answer.text() }));
      } else {
        say(form.dataset.chUnsaved);
        if (answer.status >= 500) soon(5000); // what the server refused (signed out, closed) it would refuse again
      }
    } catch {
      say(form.dataset.chUnsaved);
      soon(5000); // a bad line
    }
    saving = false;
  }
  form.addEventListener("input", () => soon(800));
  form.addEventListener("change", () => soon(800));
  form.addEventListener("submit", () => { submitted = true; clearTimeout(timer); timer = 0; });
  addEventListener("pagehide", () => { if (timer) navigator.sendBeacon(address, new FormData(form)); });
  addEventListener("pageshow", () => { submitted = false; }); // back from the next page
}

// Milliseconds by which the server's clock is ahead of the device's.
const ahead = (element) => (element.dataset.chNow ? Date.parse(element.dataset.chNow) - Date.now() : 0);

function undo(form) {
  const until = Date.parse(form.dataset.chUndoUntil) - ahead(form);
  const left = form.querySelector("[data-ch-undo-left]");
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (!(seconds > 0)) { form.hidden = true; return; }
    if (left) left.textContent = `, ${seconds} s`;
    setTimeout(tick, 250);
  };
  tick();
}

function since(element) {
  const start = Date.parse(element.dataset.chSince) - ahead(element);
  const tick = () => {
    const seconds = Math.max(0, Math.floor((Date.now() - start) / 1000));
    element.textContent = `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    setTimeout(tick, 1000);
  };
  tick();
}

document.querySelectorAll("form[data-ch-autosave]").forEach(autosave);
document.querySelectorAll("[data-ch-undo-until]").forEach(undo);
document.querySelectorAll("[data-ch-since]").forEach(since);
