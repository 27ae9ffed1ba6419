/*
 * html_style -- the style sheet of the page. Every color is a variable and only
 * repeats what a word, a sign or a dash says. Text has a contrast of at least 4.5
 * with its background in both schemes.
 */
#include "html.h"

static const char light[] =
        "color-scheme:light dark;--paper:#ffffff;--box:#f6f8fa;--ink:#1b2027;--muted:#555d68;--rule:#c9d0d8;"
        "--edge:#868f9b;--bad:#b3261e;--badbox:#fff3f1;--meant:#0b5cad;--good:#55606d;--warn:#7a4d00;--mark:#fff4d6;";
static const char dark[] =
        "--paper:#12161b;--box:#1b2128;--ink:#e8ebef;--muted:#a6afba;--rule:#38414c;--edge:#78828e;--bad:#ff9a90;"
        "--badbox:#2e1c1b;--meant:#82bbff;--good:#98a3b0;--warn:#f0c060;--mark:#33290f;";
static const char forced[] =
        "--paper:Canvas;--box:Canvas;--ink:CanvasText;--muted:CanvasText;--rule:CanvasText;--edge:CanvasText;"
        "--bad:CanvasText;--badbox:Canvas;--meant:CanvasText;--good:CanvasText;--warn:CanvasText;--mark:Canvas;";

static const char page[] =
        "*{box-sizing:border-box}"
        "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,\"Segoe UI\",\"DejaVu Sans\",sans-serif}"
        "header,main,footer{max-width:75rem;margin:0 auto;padding:0 1.5rem}"
        "header{padding-top:1.75rem}footer{padding-bottom:2rem;margin-top:3rem;color:var(--muted);font-size:.875rem}"
        "footer>p,footer>ul{max-width:52rem}"
        "h1{font-size:1.5rem;line-height:1.25;margin:0;overflow-wrap:anywhere}"
        "h1 .f{display:inline-block}"
        "h2{font-size:1.2rem;line-height:1.3;margin:2.75rem 0 .75rem}h3{font-size:1rem;margin:0}"
        "p{margin:.4rem 0}a{color:var(--meant)}"
        "code,.f{font-family:ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;font-size:.875em}"
        ".f{overflow-wrap:anywhere;unicode-bidi:isolate}"
        ".facts{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.75rem;margin:.6rem 0 0;padding:0;color:var(--muted);"
        "font-size:.9rem}.facts b{font-weight:400;color:var(--ink);margin-left:.25rem}"
        ".sum{margin:1.4rem 0 0;padding:.8rem 1rem;border:1px solid var(--rule);border-left:5px solid var(--edge);"
        "border-radius:4px;font-size:1.05rem;overflow-wrap:anywhere}"
        ".sum-wrong{border-left-color:var(--bad);background:var(--badbox)}"
        ".sum-warn{border-left-style:double;border-left-color:var(--warn)}";

static const char picture[] =
        "figure{margin:1.75rem 0 0}figcaption{color:var(--muted);font-size:.875rem;margin-top:.6rem;max-width:52rem}"
        ".pic{display:block;width:100%;height:auto;font-family:ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace}"
        ".narrow{display:none}"
        ".pic text{fill:var(--ink)}.pic .name{font-size:13px}.pic .place{font-size:11.5px;fill:var(--muted)}"
        ".pic .mark{font-size:14px;font-weight:700}"
        ".pic .band{font:600 13px system-ui,\"Segoe UI\",\"DejaVu Sans\",sans-serif}"
        ".pic .by{font-size:11px;text-anchor:end;fill:var(--muted)}"
        ".narrow .name{font-size:11px}.narrow .place{font-size:10px}.narrow .mark{font-size:13px}.narrow .band{font-size:12px}"
        ".n rect,.r rect{fill:var(--box);stroke:var(--edge);stroke-width:1}"
        ".n-wrong rect{fill:var(--badbox);stroke:var(--bad);stroke-width:2}.pic .n-wrong .mark{fill:var(--bad)}"
        ".n-warn rect{stroke:var(--warn);stroke-width:2}.pic .n-warn .mark{fill:var(--warn)}"
        ".n-doubt rect{stroke-dasharray:2 3;stroke-width:1.5}.n-free rect{fill:var(--paper)}"
        ".r-wrong rect{stroke:var(--bad);stroke-width:2}.pic .name{font-weight:600}"
        ".l path{fill:none;stroke:var(--good);stroke-width:1.5}.l .tip{fill:var(--good);stroke-width:1}"
        ".l-wrong path{stroke:var(--bad);stroke-width:3}.l-wrong .tip{fill:var(--bad)}"
        ".l-wrong .hole{fill:var(--paper);stroke:none}.l-wrong .x{stroke-width:2.5}"
        ".l-meant path{stroke:var(--meant);stroke-width:2;stroke-dasharray:7 5}"
        ".l-meant .tip{fill:var(--paper);stroke-dasharray:none;stroke-width:1.5}"
        ".l-maybe path{stroke-dasharray:1.5 4;stroke-width:2}.l-maybe .tip{stroke-dasharray:none}"
        ".l-free path{stroke-width:1}.l-free .tip{fill:var(--paper)}"
        ".l .hole{fill:var(--paper);stroke:var(--good);stroke-width:1}"
        ".l .q{font:700 10px system-ui,sans-serif;text-anchor:middle;fill:var(--ink)}"
        ".pic .by-wrong{fill:var(--bad)}.pic .by-meant{fill:var(--meant)}"
        ".legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.6rem;margin:0 0 1.1rem;padding:0;font-size:.875rem}"
        ".legend li{display:flex;align-items:center;gap:.5rem}.key{width:56px;height:16px;flex:none}";

static const char lists[] =
        ".findings{list-style:none;margin:0;padding:0}"
        ".findings li{border:1px solid var(--rule);border-left:5px solid var(--edge);border-radius:4px;padding:.7rem 1rem;"
        "margin:0 0 .75rem;overflow-wrap:anywhere}"
        ".sev{display:inline-block;margin-right:.5rem;padding:0 .5rem;border:1px solid currentColor;border-radius:3px}"
        ".no{color:var(--muted);font-weight:400;margin-right:.5rem}.doubt{font-weight:400;color:var(--muted)}"
        ".findings p{max-width:62rem}.fix{border-top:1px dashed var(--rule);padding-top:.4rem}.fix b::after{content:\" \"}"
        "details{margin:.75rem 0}summary{cursor:pointer;padding:.35rem 0;font-weight:600}"
        ":focus-visible{outline:3px solid var(--meant);outline-offset:2px}"
        "table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:.9rem}caption{text-align:left;font-weight:600;padding:.9rem 0 .4rem}"
        "th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--rule);"
        "overflow-wrap:anywhere}"
        "thead th:nth-child(1),thead th:nth-child(2){width:19%}thead th:nth-child(3){width:12%}thead th:nth-child(4),"
        "thead th:nth-child(6){width:16%}thead th:nth-child(5){width:8%}"
        "thead th{color:var(--muted);font-weight:600;border-bottom:2px solid var(--edge);overflow-wrap:normal}"
        "tbody th{font-weight:600}td:last-child,th:last-child{padding-right:0}"
        "td small{color:var(--muted);font-size:.85em}.v-wrong{color:var(--bad);font-weight:700}"
        ".v-warn{color:var(--warn);font-weight:700}";

/* By tone: the style of a finding's box, and of the word for its severity. */
static const struct { const char *box, *word; } tones[] = {
        [TONE_GOOD] = { "", "" },
        [TONE_PLAIN] = { "", "" },
        [TONE_WARN] = { "border-left-color:var(--warn)", "color:var(--warn)" },
        [TONE_BAD] = { "border-left-color:var(--bad)", "color:var(--bad)" },
        [TONE_WORST] = { "border-left-color:var(--bad);border-left-width:10px", "color:var(--bad);background:var(--badbox)" },
};

/* Below 760 px a table row becomes a block, and each cell has the title of its column before it. */
static const char narrow[] =
        "header,main,footer{padding-left:.75rem;padding-right:.75rem}header{padding-top:1rem}"
        ".wide{display:none}.narrow{display:block;max-width:34rem}"
        ".facts{display:block}.legend{display:block}"
        "table,tbody,tr,th,td,caption{display:block}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
        "tbody tr{border:1px solid var(--rule);border-radius:4px;padding:.4rem .75rem;margin-bottom:.6rem}"
        "tbody th,td{border:0;padding:.1rem 0;display:grid;grid-template-columns:8.25rem minmax(0,1fr)}"
        "tbody th::before,td::before{content:attr(data-label);color:var(--muted);font-weight:400}";

static const char print[] =
        "body{font-size:10pt}header,main,footer{max-width:none;padding-left:0;padding-right:0}"
        ".findings li,tr,.sum{break-inside:avoid}h2,caption{break-after:avoid}"
        "details::details-content{content-visibility:visible;display:block;height:auto}"
        "*{print-color-adjust:economy}";

void html_style(struct text *t)
{
        text_add(t, "<style>\n");
        text_addf(t, ":root{%s}\n@media screen and (prefers-color-scheme:dark){:root{%s}}\n", light, dark);
        text_addf(t, "@media (forced-colors:active){:root{%s}}\n", forced);
        text_addf(t, "%s\n%s\n%s\n", page, picture, lists);
        for (int s = 0; s < SEVERITY_MAX; s++) {
                const char *word = severity_to_string((enum severity)s);
                enum tone tone = severity_tone((enum severity)s);

                text_addf(t, ".findings .s-%s{%s}.s-%s .sev{%s}", word, tones[tone].box, word, tones[tone].word);
        }
        text_add(t, "\n");
        text_addf(t, "@media screen and (max-width:759.9px){%s}\n@media print{:root{color-scheme:light}%s}\n</style>\n", narrow, print);
}
