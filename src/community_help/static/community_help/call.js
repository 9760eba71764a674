// The call screen: questions and supply keep up with what is typed. Without this a button shows them.

const form = document.getElementById("call-form");

for (const element of document.querySelectorAll("[data-ch-without-js]")) element.remove();

// The caller's questions stand in a column of their own: their changes are the form's.
for (const element of document.querySelectorAll("[data-ch-of]")) {
  const owner = document.getElementById(element.dataset.chOf);
  element.addEventListener("input", () => owner.dispatchEvent(new Event("input")));
  element.addEventListener("change", () => owner.dispatchEvent(new Event("change")));
}

form?.addEventListener("ch:saved", (event) => {
  const answer = new DOMParser().parseFromString(event.detail, "text/html");
  const saved = answer.getElementById("call-saved");
  if (!saved) return;
  document.getElementById("call-saved").value = saved.value;
  document.getElementById("call-supply").innerHTML = answer.getElementById("call-supply").innerHTML;
  const questions = document.getElementById("call-questions");
  const fresh = answer.getElementById("call-questions");
  if (questions.dataset.asked !== fresh.dataset.asked) questions.replaceWith(fresh);
});
