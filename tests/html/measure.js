// Runs in a page around the report, which stands in a frame of its own; writes what it finds into #out as JSON.
const results = [];
const luminance = ([r, g, b]) => [r, g, b].map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
const rgba = s => { const m = s.match(/[\d.]+/g); return m ? m.map(Number).concat(m.length < 4 ? [1] : []) : [0, 0, 0, 0]; };
const shown = e => e.getClientRects().length > 0;
const inside = (a, b, slack) => a.left >= b.left - slack && a.right <= b.right + slack && a.top >= b.top - slack && a.bottom <= b.bottom + slack;
const apart = (a, b) => a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.top + 0.5 || b.bottom <= a.top + 0.5;

function ground(win, e) { // the color behind a text of HTML
        for (; e; e = e.parentElement) {
                const c = rgba(win.getComputedStyle(e).backgroundColor);
                if (c[3] > 0) return c;
        }
        return [255, 255, 255, 1];
}

function texts(win, doc, fault) { // contrast and fit of every text
        let least = 99, n = 0;
        const ratio = (fore, back, e) => {
                const c = contrast(rgba(fore), back);
                least = Math.min(least, c); n++;
                if (c < 4.5) fault(`contrast ${c.toFixed(2)} of ${e.className.baseVal ?? e.className ?? e.tagName} "${e.textContent.slice(0, 30)}"`);
        };
        for (const e of doc.body.querySelectorAll("*")) {
                if (e.closest("svg") || !shown(e) || ![...e.childNodes].some(c => c.nodeType === 3 && c.data.trim())) continue;
                ratio(win.getComputedStyle(e).color, ground(win, e), e);
                if (e.scrollWidth > e.clientWidth + 1 && win.getComputedStyle(e).display !== "inline" && !e.closest("thead"))
                        fault(`${e.tagName} "${e.textContent.slice(0, 30)}" is wider than its box`);
        }
        const paper = ground(win, doc.body);
        for (const e of doc.querySelectorAll("svg.pic text")) {
                if (!shown(e)) continue;
                const g = e.closest("g.n, g.r"), by = e.classList.contains("by");
                let box = g ? g.querySelector("rect") : null;
                if (by) box = [...e.closest("svg.pic").querySelectorAll("g.n > rect")].find(r => inside(e.getBoundingClientRect(), r.getBoundingClientRect(), 1));
                if (by && !box) fault(`the words "${e.textContent}" at a line stand in no box`);
                if (box && !inside(e.getBoundingClientRect(), box.getBoundingClientRect(), 3)) fault(`"${e.textContent}" leaves its box`);
                const frame = e.parentElement;
                if (frame.tagName === "svg" && frame !== e.closest("svg.pic") && e.getBBox().width > frame.width.baseVal.value + 0.5)
                        fault(`"${e.textContent}" is ${e.getBBox().width.toFixed(0)} wide, its box ${frame.width.baseVal.value}`);
                ratio(win.getComputedStyle(e).fill, box ? rgba(win.getComputedStyle(box).fill) : paper, e);
        }
        return { least, n };
}

function picture(win, svg, fault) { // boxes and lines
        const rects = [...svg.querySelectorAll("g.n > rect, g.r > rect")].map(r => r.getBoundingClientRect());
        const nodes = [...svg.querySelectorAll("g.n > rect")].map(r => r.getBoundingClientRect());
        const roles = [...svg.querySelectorAll("g.r > rect")].map(r => r.getBoundingClientRect());
        const frame = svg.getBoundingClientRect();
        rects.forEach((a, i) => {
                if (!inside(a, frame, 1)) fault("a box leaves the picture");
                for (const b of rects.slice(i + 1)) if (!apart(a, b)) fault("two boxes overlap");
        });
        const from = Math.max(...nodes.map(r => r.right)), to = Math.min(...roles.map(r => r.left));
        for (const p of svg.querySelectorAll("g.l path")) {
                const r = p.getBoundingClientRect(); // of the geometry, without its stroke
                if (r.left < from - 3 || r.right > to + 2) fault("a line leaves the column between the boxes");
        }
        for (const t of svg.querySelectorAll("text:not(.q)")) {
                const r = t.getBoundingClientRect();
                if (!t.classList.contains("band") && r.right > from && r.left < to) fault(`"${t.textContent}" stands where the lines are`);
        }
        const label = svg.getAttribute("aria-labelledby").split(" ").map(id => svg.ownerDocument.getElementById(id)?.tagName);
        if (svg.getAttribute("role") !== "img" || label.join() !== "title,desc") fault("the picture has no title and description");
        return { nodes: nodes.length, roles: roles.length, lines: svg.querySelectorAll("g.l").length, height: frame.height };
}

function lines(win, doc, fault) { // without color: dashes, width, signs and tips tell the kinds apart
        const looks = {}, paper = ground(win, doc.body);
        for (const g of doc.querySelectorAll(".l")) {
                if (!shown(g)) continue;
                const [path, tip] = g.querySelectorAll("path"), style = win.getComputedStyle(path), end = win.getComputedStyle(tip);
                const c = contrast(rgba(style.stroke), paper);
                if (c < 3) fault(`a line has a contrast of ${c.toFixed(2)} only`);
                looks[g.classList[1]] = [style.strokeDasharray, g.querySelector(".x") ? "cross" : g.querySelector(".q") ? "?" : "",
                        contrast(rgba(end.fill), paper) > 1.5 ? "full" : "hollow"].join("; ");
        }
        const seen = Object.values(looks);
        if (new Set(seen).size !== seen.length) fault("two kinds of lines look alike without color: " + JSON.stringify(looks));
        return looks;
}

function measure(win, doc, name, width) {
        const faults = [], fault = f => faults.length < 20 && faults.push(f);
        doc.querySelectorAll("details").forEach(d => d.open = true);
        const ids = [...doc.querySelectorAll("[id]")].map(e => e.id), pics = [...doc.querySelectorAll("svg.pic")].filter(shown);
        if (new Set(ids).size !== ids.length) fault("an id stands twice");
        if (doc.documentElement.scrollWidth > width) fault(`the page is ${doc.documentElement.scrollWidth} wide`);
        if (doc.querySelectorAll("svg.pic").length && pics.length !== 1) fault(`${pics.length} pictures are shown`);
        if (doc.querySelector("script, img, iframe, object, embed, link, form, audio, video, image, use, foreignObject, base"))
                fault("there is an element that runs or loads");
        for (const e of doc.querySelectorAll("*")) for (const a of e.attributes)
                if (/^on/i.test(a.name) || /^(src|style|action|srcset|data|xlink:href)$/i.test(a.name) || (a.name === "href" && !/^#\w+$/.test(a.value)))
                        fault(`attribute ${a.name}="${a.value}"`);
        if (win.performance.getEntriesByType("resource").length) fault("something was loaded");
        const t = texts(win, doc, fault), l = lines(win, doc, fault);
        const p = pics.map(s => picture(win, s, fault))[0] ?? null;
        results.push({ name, width, faults, texts: t.n, least: t.least, looks: l, picture: p, title: doc.title,
                       paper: win.getComputedStyle(doc.body).backgroundColor, height: doc.documentElement.scrollHeight });
}

function load(page, width) {
        return new Promise(done => {
                const frame = document.createElement("iframe");
                frame.style.cssText = `border:0;width:${width}px;height:900px`;
                frame.onload = () => done(frame);
                frame.srcdoc = page;
                document.body.append(frame);
        });
}

async function all(pages, widths, walls) {
        for (const [name, page] of Object.entries(pages))
                for (const width of widths) {
                        const frame = await load(page, width);
                        measure(frame.contentWindow, frame.contentDocument, name, width);
                        frame.remove();
                }
        for (const [name, page] of Object.entries(walls)) { // what a page would do that an injection got into
                const frame = await load(page, 800);
                await new Promise(r => setTimeout(r, 300));
                results.push({ name, ran: frame.contentDocument.title === "ran" });
                frame.remove();
        }
        const out = document.createElement("pre");
        out.id = "out";
        out.textContent = JSON.stringify(results);
        document.body.append(out);
}
