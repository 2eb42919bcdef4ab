/* What pages do beyond reading; everything else works without this file. No inline code, nothing from elsewhere. */
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* Times: the server writes UTC, the reader sees the own zone. */
  const zoned = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const localise = (root) => {
    for (const element of all("time[datetime]", root)) {
      const moment = new Date(element.dateTime);
      if (Number.isNaN(moment.getTime())) continue;
      const text = zoned.format(moment);
      if (element.hasAttribute("data-ago")) element.title = text;
      else element.textContent = text;
    }
  };

  /* The theme: remembered in a cookie, so that the server's page has it from the first byte on. */
  const root = document.documentElement;
  const remember = (theme) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `exlogare_theme=${theme}; path=/; samesite=lax; max-age=${theme ? 31536000 : 0}${secure}`;
  };
  const theme = () => root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const toggles = () => {
    for (const button of all("[data-theme-toggle]")) {
      button.hidden = false;
      const label = () => { button.textContent = theme() === "dark" ? "Light colours" : "Dark colours"; };
      label();
      button.addEventListener("click", () => {
        root.dataset.theme = theme() === "dark" ? "light" : "dark";
        remember(root.dataset.theme);
        label();
      });
    }
  };

  /* Copying: <button data-copy="#id">, whose element's text (or value) goes to the clipboard. */
  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("not copied");
  };
  const copyButtons = () => {
    for (const button of all("[data-copy]")) {
      button.hidden = false;
      const said = button.textContent;
      button.addEventListener("click", async () => {
        const source = document.querySelector(button.dataset.copy);
        try {
          await copy(source.value === undefined ? source.textContent : source.value);
          button.textContent = "Copied";
        } catch {
          button.textContent = "Select and copy by hand";
        }
        announce(button.textContent);
        setTimeout(() => { button.textContent = said; }, 2000);
      });
    }
  };
  const announce = (text) => {
    const place = document.getElementById("said");
    if (place) place.textContent = text;
  };

  /* Forms: asked twice where something is lost; sent once. */
  const forms = () => {
    document.addEventListener("submit", (event) => {
      const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
      if (question && !confirm(question)) { event.preventDefault(); return; }
      if (event.target.method !== "post") return;
      if (event.target.dataset.sent) { event.preventDefault(); return; }
      event.target.dataset.sent = "yes";
      const busy = event.submitter?.dataset.busy;
      if (busy) { event.submitter.textContent = busy; event.submitter.setAttribute("aria-busy", "true"); }
    });
    /* A page that the browser kept for "back" can be sent again. */
    addEventListener("pageshow", () => { for (const form of all("form[data-sent]")) delete form.dataset.sent; });
    for (const select of all("select[data-submit]")) select.addEventListener("change", () => select.form.requestSubmit());
  };

  /* Menus: closed by Escape and by a click elsewhere. */
  const menus = () => {
    const close = (except) => { for (const menu of all("details.menu[open]")) if (menu !== except) menu.open = false; };
    document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const open = document.querySelector("details.menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
    });
  };

  /* News: <div data-news="address">: a count of what came since the page was made; nothing moves by itself. */
  const news = () => {
    for (const bar of all("[data-news]")) {
      const link = bar.querySelector("a");
      let wait_ms = 5000;
      const ask = async () => {
        if (document.visibilityState === "visible") {
          try {
            const answer = await fetch(bar.dataset.news, { headers: { Accept: "application/json" } });
            if (answer.status === 401 || answer.status === 403) return;
            if (!answer.ok) throw new Error(String(answer.status));
            const { count, more } = await answer.json();
            wait_ms = 5000;
            if (count > 0) {
              const text = `${count}${more ? "+" : ""} new ${count === 1 && !more ? "analysis" : "analyses"}`;
              if (link.textContent !== text) { link.textContent = text; bar.hidden = false; }
            }
          } catch {
            wait_ms = Math.min(wait_ms * 2, 120000);
          }
        }
        setTimeout(ask, wait_ms);
      };
      setTimeout(ask, wait_ms);
    }
  };

  /* A file dropped on <form data-drop> is the one that its file field would have chosen. */
  const drops = () => {
    for (const form of all("form[data-drop]")) {
      const field = form.querySelector("input[type=file]");
      form.addEventListener("dragover", (event) => {
        if (![...event.dataTransfer.types].includes("Files")) return;
        event.preventDefault();
        form.classList.add("dropping");
      });
      form.addEventListener("dragleave", () => form.classList.remove("dropping"));
      form.addEventListener("drop", (event) => {
        form.classList.remove("dropping");
        if (!event.dataTransfer.files.length) return;
        event.preventDefault();
        field.files = event.dataTransfer.files;
        field.focus();
        announce(`${field.files[0].name} is chosen.`);
      });
    }
  };

  /* The secret of a link stands behind its "#", which no server is sent: it goes into the form, and out of the address. */
  const links = () => {
    const field = document.querySelector("[data-link-token] input");
    if (!field || !location.hash.startsWith("#exi_")) return;
    field.value = location.hash.slice(1);
    field.readOnly = true;
    history.replaceState(null, "", location.pathname);
  };

  /* On a small screen the present one of a row of links may lie outside. */
  const rows = () => {
    for (const link of all(".nav [aria-current], .strip [aria-current]")) {
      const row = link.parentElement;
      if (row.scrollWidth > row.clientWidth) row.scrollLeft = link.offsetLeft - row.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
    }
  };

  const start = () => { localise(document); toggles(); copyButtons(); forms(); menus(); news(); drops(); links(); rows(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
