// What is wrong with the page that is shown, by WCAG 2.2 (AA) and a few rules of ours: a list of texts, "rule: where".
// Run by the tests in the browser; pages have no scripts of their own.
const faults = [];
const fault = (rule, element, more = "") => {
  const id = element.id ? "#" + element.id : "";
  const text = (element.textContent || "").trim().slice(0, 40);
  faults.push(`${rule}: <${element.localName}${id}> ${text} ${more}`.trim());
};
const all = (selector) => [...document.querySelectorAll(selector)];
const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  && element.getClientRects().length > 0;

// Colours: sRGB, blended with what lies below (WCAG 2.2, relative luminance and contrast ratio).
const colour = (text) => {
  const numbers = text.match(/[\d.]+/g).map(Number);
  return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
};
const over = (top, below) => top.rgb.map((value, place) => value * top.alpha + below[place] * (1 - top.alpha));
const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
const background = (element) => {
  if (!element) return canvas;
  const own = colour(getComputedStyle(element).backgroundColor);
  return own.alpha === 1 ? own.rgb : over(own, background(element.parentElement));
};
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((value) => value / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

// The document: 2.4.2, 3.1.1, 1.3.1, 2.4.1.
if (!document.documentElement.lang) fault("language", document.documentElement);
if (!document.title.trim()) fault("title", document.documentElement);
if (all("h1").length !== 1) fault("one-h1", document.body, all("h1").length);
if (all("main").length !== 1) fault("one-main", document.body);
let level = 0;
for (const heading of all("h1, h2, h3, h4, h5, h6")) {
  const own = Number(heading.localName[1]);
  if (own > level + 1) fault("heading-order", heading);
  level = own;
}
for (const element of all("body *")) {
  const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (isText && isShown(element) && !element.closest("header, main, footer, nav, script, style")) fault("landmark", element);
}
const ids = all("[id]").map((element) => element.id);
for (const element of all("[id]")) if (ids.filter((id) => id === element.id).length > 1) fault("duplicate-id", element);
if (all("script, [onclick], [onload], [style]").length) fault("no-scripts", document.body);

// Names: 1.1.1, 1.3.1, 1.3.5, 4.1.2.
for (const image of all("img")) if (!image.hasAttribute("alt")) fault("image-text", image);
const nameOf = (element) => (element.getAttribute("aria-label") || element.textContent || "").trim();
for (const field of all("input:not([type=hidden]), select, textarea")) {
  const label = [...(field.labels || [])].map((element) => element.textContent.trim()).join("");
  if (!label && !field.getAttribute("aria-label")) fault("label", field);
  if (["text", "password"].includes(field.type) && !field.autocomplete) fault("autocomplete", field);
  if (field.getAttribute("aria-invalid") === "true" && !field.getAttribute("aria-describedby")) fault("error-tied", field);
}
for (const element of all("button, a[href]")) {
  if (!nameOf(element)) fault("name", element);
  // Who speaks what is written must be understood (2.5.3).
  const spoken = element.getAttribute("aria-label");
  if (spoken && !spoken.includes(element.textContent.trim())) fault("label-in-name", element);
}
for (const element of all("[aria-describedby], [aria-labelledby]")) {
  const wanted = (element.getAttribute("aria-describedby") || "") + " " + (element.getAttribute("aria-labelledby") || "");
  for (const id of wanted.split(/\s+/).filter(Boolean)) if (!document.getElementById(id)) fault("reference", element, id);
}
for (const element of all(".error")) if (!element.closest("[role=alert]")) fault("alert", element);
for (const element of all("[tabindex]")) if (element.tabIndex > 0) fault("tabindex", element);

// Contrast of texts (1.4.3) and of the edges of fields and buttons (1.4.11).
for (const element of all("body *")) {
  const shown = ["text", "password"].includes(element.type) ? element.value : "";
  const isText = shown || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!isText || !isShown(element) || element.closest(".hidden-visually")) continue;
  const style = getComputedStyle(element);
  const below = background(element);
  const ratio = contrast(over(colour(style.color), below), below);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (isLarge ? 3 : 4.5)) fault("contrast", element, ratio.toFixed(2));
}
for (const element of all("input:not([type=hidden]):not([type=checkbox]), button, a.button").filter(isShown)) {
  const [style, below] = [getComputedStyle(element), background(element.parentElement)];
  const edge = contrast(over(colour(style.borderTopColor), below), below);
  const area = contrast(background(element), below);
  if (Math.max(parseFloat(style.borderTopWidth) ? edge : 0, area) < 3) fault("edge", element, edge.toFixed(2));
}

// Targets (2.5.8), and pages that must be moved sideways (1.4.10) or cut their texts off (1.4.4, 1.4.12).
for (const element of all("a[href], button, input:not([type=hidden])").filter(isShown)) {
  const { width, height } = element.getBoundingClientRect();
  const isInText = element.localName === "a" && getComputedStyle(element).display === "inline";
  if (!isInText && (width < 24 || height < 24)) {
    // A label is a target of its field.
    const label = (element.labels || [])[0]?.getBoundingClientRect();
    if (!label || label.height < 24) fault("target", element, `${width}x${height}`);
  }
}
const root = document.scrollingElement;
if (root.scrollWidth > root.clientWidth + 1) fault("sideways", document.body, `${root.scrollWidth}>${root.clientWidth}`);
for (const element of all("body *").filter(isShown)) {
  const style = getComputedStyle(element);
  const isCut = style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
  if (isCut && element.localName !== "input" && !element.closest(".hidden-visually")) fault("cut-off", element);
  const box = element.getBoundingClientRect();
  if (box.left < -1 || box.right > root.clientWidth + 1) fault("outside", element, `${box.left}..${box.right}`);
}
return faults;
