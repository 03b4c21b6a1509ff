const PAGE_SIZE = 20;
const MOST_MERCHANTS = 12;

const number = new Intl.NumberFormat("en");
const find = (id) => document.getElementById(id);
const say = (id, text) => {
  find(id).textContent = text;
};

/** Shows why something is missing; the first reason stays. */
function notice(text) {
  const place = find("notice");
  if (!place.hidden) return;
  place.textContent = text;
  place.hidden = false;
}

/** Address of the API from /config.json, without a slash at its end; undefined where the site has none. */
async function findApi() {
  try {
    const response = await fetch("/config.json", { cache: "no-cache" });
    if (!response.ok) return undefined;
    const { apiUrl } = await response.json();
    return typeof apiUrl === "string" && /^https?:\/\//.test(apiUrl) ? apiUrl.replace(/\/+$/, "") : undefined;
  } catch {
    return undefined; // a site without an API answers with a page, or not at all
  }
}

/** What the API answers, or an error in words for people. */
async function ask(api, path, read = (response) => response.json()) {
  let response;
  try {
    response = await fetch(api + path);
  } catch {
    throw new Error("The API cannot be reached. Try again later.");
  }
  if (!response.ok) throw new Error(`The API answered ${path.split("?")[0]} with status ${response.status}.`);
  return await read(response);
}

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

function row(cells) {
  const made = element("tr");
  made.append(...cells);
  return made;
}

async function showFigures(api) {
  const figure = async (id, path, read) => {
    try {
      say(id, await ask(api, path, read));
    } catch (error) {
      say(id, "–");
      notice(error.message);
    }
  };
  const count = async (response) => number.format(Number(await response.json()));
  const health = async (response) => {
    await response.text();
    return "Healthy";
  };
  await Promise.all([
    figure("health", "/health_check", health),
    figure("image-count", "/image_count", count),
    figure("receipt-count", "/receipt_count", count),
  ]);
  if (find("health").textContent === "–") say("health", "Not well");
}

async function showMerchants(api) {
  try {
    const counts = (await ask(api, "/merchant_counts")).flatMap((one) => Object.entries(one));
    say("merchants-empty", counts.length === 0 ? "No receipt has a merchant yet." : "");
    find("merchants-empty").hidden = counts.length > 0;
    const most = Math.max(1, ...counts.map(([, count]) => count));
    const items = counts.slice(0, MOST_MERCHANTS).map(([name, count]) => {
      const item = element("li");
      const bar = element("progress", undefined, { max: most, value: count, "aria-hidden": "true" });
      item.append(element("span", name), bar, element("span", number.format(count)));
      return item;
    });
    find("merchants").replaceChildren(...items);
    if (counts.length > MOST_MERCHANTS) {
      say("merchants-empty", `The first ${MOST_MERCHANTS} of ${number.format(counts.length)} merchants.`);
      find("merchants-empty").hidden = false;
    }
  } catch (error) {
    say("merchants-empty", "Not available.");
    notice(error.message);
  }
}

/** Name of a row, which may break after its underscores where the screen is narrow. */
function labelCell(label) {
  const cell = element("th", undefined, { scope: "row" });
  for (const part of label.split(/(?<=_)/)) cell.append(part, document.createElement("wbr"));
  return cell;
}

async function showLabels(api) {
  try {
    const counts = Object.entries(await ask(api, "/label_validation_count"));
    const statuses = [...new Set(counts.flatMap(([, byStatus]) => Object.keys(byStatus)))].sort();
    if (statuses.length === 0) return say("labels-empty", "No word has a label yet.");
    const cell = (text) => element("td", text, { class: "number" });
    const title = (text) => element("th", text, { scope: "col", class: "number" });
    const table = find("labels");
    const readable = (status) => status.toLowerCase().replaceAll("_", " ");
    table.tHead.replaceChildren(
      row([element("th", "Label", { scope: "col" }), ...statuses.map((status) => title(readable(status)))]),
    );
    table.tBodies[0].replaceChildren(
      ...counts.map(([label, byStatus]) =>
        row([labelCell(label), ...statuses.map((status) => cell(number.format(byStatus[status] ?? 0)))]),
      ),
    );
    table.hidden = false;
    find("labels-empty").hidden = true;
  } catch (error) {
    say("labels-empty", "Not available.");
    notice(error.message);
  }
}

/** Pages of receipts: forwards one at a time, and back to the first. */
function showReceipts(api) {
  const [first, next, table, empty] = ["first", "next", "receipts", "receipts-empty"].map(find);
  let page = 0;
  let key = null;

  const show = async (from, to) => {
    first.disabled = true;
    next.disabled = true;
    table.setAttribute("aria-busy", "true");
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (from) query.set("lastEvaluatedKey", JSON.stringify(from));
    try {
      const { receipts, lastEvaluatedKey } = await ask(api, `/receipts?${query}`);
      table.tBodies[0].replaceChildren(
        ...receipts.map(({ merchant_name: merchant, receipt_id: receipt, image_id: image }) => {
          const cell = element("td");
          cell.append(element("code", image));
          return row([element("td", merchant || "Unknown"), element("td", String(receipt)), cell]);
        }),
      );
      page = to;
      key = lastEvaluatedKey ?? null;
      table.hidden = receipts.length === 0;
      empty.hidden = receipts.length > 0;
      say("receipts-empty", page === 1 ? "There are no receipts yet." : "There are no more receipts.");
      say("page", `Page ${page}`);
      find("notice").hidden = true;
    } catch (error) {
      say("receipts-empty", page === 0 ? "Not available." : "");
      notice(error.message);
    }
    table.removeAttribute("aria-busy");
    first.disabled = page <= 1;
    next.disabled = key === null;
  };
  first.addEventListener("click", () => show(null, 1));
  next.addEventListener("click", () => show(key, page + 1));
  return show(null, 1);
}

const parts = [
  ["health", showFigures],
  ["merchants", showMerchants],
  ["labels", showLabels],
  ["receipts", showReceipts],
].filter(([id]) => find(id));

const api = await findApi();
if (api) {
  await Promise.all(parts.map(([, show]) => show(api)));
} else {
  notice("This site has no API yet: there is no address of one in /config.json.");
  for (const id of ["health", "image-count", "receipt-count"]) if (find(id)) say(id, "–");
  for (const id of ["merchants-empty", "labels-empty", "receipts-empty"]) if (find(id)) say(id, "Not available.");
}
