"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const order = new Intl.Collator("zh-CN", {numeric: true});

  // what a cell is sorted by: a number where there is one, else its words; what is empty comes last
  const key = (cell) => {
    const text = cell.dataset.v ?? cell.textContent.trim();
    if (text === "" || text === "—") return null;
    const number = parseFloat(text);
    return /^[+-]?[\d.]+%?$/.test(text) && !Number.isNaN(number) ? number : text;
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : order.compare(String(a), String(b));

  const sort = (table, column, down) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, at) => ({row, at, key: row.cells[column] ? key(row.cells[column]) : null}));
    rows.sort((a, b) => {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.at - b.at;
      return (down ? compare(b.key, a.key) : compare(a.key, b.key)) || a.at - b.at;
    });
    body.replaceChildren(...rows.map((one) => one.row));
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(table, column, down);
        if (table === ranks) filtered();
      });
    });
  }

  // the ranking, filtered; of very many units two hundred more at a time, since no browser lays out thousands at once
  const ranks = $("ranks");
  const filter = document.querySelector(".filter");
  const STEP = 200;
  let most = STEP, fitting = [];
  const shown = () => {
    fitting.forEach((row, at) => { row.hidden = at >= most; });
    const seen = Math.min(most, fitting.length);
    $("f-count").textContent = seen < fitting.length ? `显示前 ${seen} 个单位，共 ${fitting.length} 个` : `显示 ${seen} 个单位`;
    $("f-more").hidden = seen === fitting.length;
  };
  const filtered = () => {
    const name = $("f-name").value.trim(), level = $("f-level").value, state = $("f-state").value;
    fitting = [...ranks.tBodies[0].rows].filter((row) => {
      row.hidden = true;
      return (!name || row.cells[1].textContent.includes(name)) && (!level || row.dataset.level === level) &&
        (!state || row.dataset.state.split(" ").includes(state));
    });
    most = STEP;
    shown();
    matrix.show(0);
  };

  // units by rules: fifty units of the ranking at a time
  const states = {"√": "pass", "×": "fail", "？": "review", "未": "unknown", "免": "waived", "错": "broken"};
  const matrix = {
    data: JSON.parse($("m-data").textContent),
    from: 0,
    known: null,
    units() {
      this.known ??= new Map(this.data.units.map((unit) => [unit[1], unit]));
      return fitting.map((row) => this.known.get(row.cells[1].firstChild.getAttribute("href"))).filter(Boolean);
    },
    show(from) {
      const units = this.units(), shown = units.slice(from, from + 50), only = $("m-bad").checked;
      const rules = this.data.rules.map((rule, at) => [rule, at])
        .filter(([, at]) => !only || shown.some((unit) => "×？未错".includes(unit[2][at])));
      this.from = from;
      const head = document.createElement("tr");
      head.append(cell("th", "单位", "col"), ...rules.map(([rule]) => upright(rule)));
      const rows = shown.map((unit) => {
        const row = document.createElement("tr"), name = cell("th", "", "row"), link = document.createElement("a");
        link.href = unit[1];
        link.textContent = unit[0];
        name.append(link);
        row.append(name, ...rules.map(([, at]) => {
          const one = cell("td", unit[2][at].trim());
          if (states[unit[2][at]]) one.className = states[unit[2][at]];
          return one;
        }));
        return row;
      });
      const thead = document.createElement("thead"), tbody = document.createElement("tbody");
      thead.append(head);
      tbody.append(...rows);
      $("m-table").replaceChildren($("m-table").caption, thead, tbody);
      const last = from + shown.length;
      $("m-where").textContent = units.length ? `第 ${from + 1} 至 ${last} 个，共 ${units.length} 个` : "没有单位";
      $("m-back").disabled = from === 0;
      $("m-on").disabled = last >= units.length;
    },
  };
  const cell = (name, text, scope) => {
    const one = document.createElement(name);
    if (scope) one.scope = scope;
    one.textContent = text;
    return one;
  };
  const upright = (rule) => {
    const head = cell("th", "", "col"), words = document.createElement("span");
    words.textContent = `${rule[0]} ${rule[1]}`;
    head.append(words);
    return head;
  };

  let soon = 0;
  filter.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(filtered, 120); });
  filter.addEventListener("reset", () => setTimeout(filtered));
  filter.addEventListener("submit", (event) => event.preventDefault());
  $("m-bad").addEventListener("change", () => matrix.show(matrix.from));
  $("m-back").addEventListener("click", () => matrix.show(Math.max(matrix.from - 50, 0)));
  $("m-on").addEventListener("click", () => matrix.show(matrix.from + 50));
  $("f-more").addEventListener("click", () => { most += STEP; shown(); });
  addEventListener("beforeprint", () => { most = Infinity; shown(); });
  filter.hidden = false;
  document.querySelector(".pager").hidden = false;
  filtered();
})();
