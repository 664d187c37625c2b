/// The page's style sheet: light and dark, screen and paper, from 320 px up.
enum HTMLStyle {
  static let sheet = """
    :root{color-scheme:light dark;--bg:#fff;--panel:#fff;--soft:#f6f7f9;--line:#dfe3e8;--text:#1a1d21;
    --muted:#5b6672;--accent:#2f5fc4;--on-accent:#fff;--good:#0f7b3f;--good-bg:#e8f5ed;--bad:#c22323;
    --bad-bg:#fdecec;--warning:#8f5a00;--warning-bg:#fdf3e0;--neutral:#5b6672;--neutral-bg:#f1f3f5}
    @media (prefers-color-scheme:dark){:root{--bg:#101317;--panel:#161a1f;--soft:#1b2026;--line:#2c333b;
    --text:#e7eaee;--muted:#9aa5b1;--accent:#7aa5ff;--on-accent:#0b1020;--good:#4cc38a;--good-bg:#12291d;
    --bad:#ff7b72;--bad-bg:#331719;--warning:#e3b341;--warning-bg:#2d240f;--neutral:#9aa5b1;
    --neutral-bg:#20262d}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--bg);color:var(--text);
    font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans","PingFang SC","Noto Sans CJK SC",\
    "Noto Sans SC","Microsoft YaHei",sans-serif}
    .page{max-width:1180px;margin:0 auto;padding:32px 24px 48px}
    h1{font-size:26px;line-height:1.25;margin:0 0 4px;letter-spacing:-.01em;overflow-wrap:anywhere}
    h2{font-size:18px;margin:36px 0 12px}
    h3{font-size:15px;margin:0}
    p{margin:0 0 10px;overflow-wrap:anywhere}
    .facts,.lead,.sub,.footer,.legend,.hint{color:var(--muted)}
    .facts{margin:0 0 20px}
    .facts span+span::before{content:"·";margin:0 7px}
    .lead{margin:-6px 0 12px}
    .sub{font-size:13px;margin:2px 0 0}
    .legend,.hint{font-size:13px;margin:8px 0 0}
    .footer{font-size:13px;margin-top:36px;padding-top:14px;border-top:1px solid var(--line)}
    .verdict{display:flex;gap:14px;align-items:flex-start;border:1px solid var(--tone);
    border-left-width:6px;border-radius:8px;background:var(--tone-bg);padding:14px 18px;margin:0 0 16px}
    .verdict .sign{flex:none;width:28px;height:28px;border-radius:50%;background:var(--tone);
    color:var(--bg);font-weight:700;text-align:center;line-height:28px}
    .verdict strong{display:block;font-size:18px;line-height:28px}
    .verdict p{margin:2px 0 0}
    .good{--tone:var(--good);--tone-bg:var(--good-bg)}
    .bad{--tone:var(--bad);--tone-bg:var(--bad-bg)}
    .warning{--tone:var(--warning);--tone-bg:var(--warning-bg)}
    .neutral{--tone:var(--neutral);--tone-bg:var(--neutral-bg)}
    .unsure{--tone:var(--warning);--tone-bg:var(--warning-bg)}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 8px}
    .tile{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:11px 14px}
    .tile .name{color:var(--muted);font-size:13px}
    .tile .value{font-size:20px;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums;
    overflow-wrap:anywhere}
    .tile .note{color:var(--muted);font-size:13px;font-weight:400;white-space:nowrap}
    .panels{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px}
    .panel{grid-column:1/-1;background:var(--panel);border:1px solid var(--line);border-radius:8px;
    padding:16px 18px 18px;min-width:0}
    .panel.half{grid-column:auto}
    .panel.tall{grid-row:span 2}
    .panel>header{margin-bottom:12px}
    .panel>*+.block{margin-top:14px}
    .scroll{overflow-x:auto}
    .scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
    caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    th,td{padding:7px 8px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
    th{color:var(--muted);font-size:13px;font-weight:600}
    thead th{vertical-align:bottom}
    tbody tr:last-child td,tbody tr:last-child th{border-bottom:0}
    tbody th{color:inherit;font-size:inherit;font-weight:inherit}
    th:first-child,td:first-child{padding-left:0}
    th:last-child,td:last-child{padding-right:0}
    .num{text-align:right;white-space:nowrap}
    .strong{font-weight:650}
    .keep{white-space:nowrap}
    .muted,.cell-note{color:var(--muted)}
    .cell-note{font-weight:400;white-space:nowrap}
    code,pre,.code{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono","Noto Sans Mono CJK SC",\
    monospace;font-size:13px}
    td.code{min-width:15em}
    td.code,dd code{overflow-wrap:anywhere}
    pre{margin:0;padding:12px 14px;background:var(--soft);border:1px solid var(--line);border-radius:6px;
    white-space:pre-wrap;overflow-wrap:anywhere}
    .pill{display:inline-block;border:1px solid var(--tone);color:var(--tone);background:var(--tone-bg);
    border-radius:999px;padding:0 9px;font-size:13px;font-weight:600;white-space:nowrap}
    dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 18px;margin:0}
    dt{color:var(--muted)}
    dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
    .answer{white-space:nowrap}
    .answer .sign{display:inline-block;width:1.2em;font-weight:700;color:var(--tone)}
    .answer.bad{color:var(--bad)}
    .example-text{overflow-wrap:anywhere;min-width:16em}
    svg{display:block;width:100%;overflow:visible}
    svg text{font-size:12px;fill:var(--text);font-family:inherit;font-variant-numeric:tabular-nums}
    svg .soft{fill:var(--muted)}
    svg .bar{fill:var(--accent)}
    svg .bar.marked{fill:var(--bad)}
    svg .marked-text{fill:var(--bad);font-weight:600}
    svg .whisker{stroke:var(--text);stroke-width:1;opacity:.55}
    svg .grid{stroke:var(--line)}
    svg .axis{stroke:var(--muted)}
    svg .marker{stroke:var(--text);stroke-dasharray:4 3}
    svg .frame{fill:var(--soft)}
    svg .heat{fill:var(--accent)}
    svg .diagonal{fill:none;stroke:var(--accent);stroke-opacity:.55}
    svg .cell{font-size:11px;text-anchor:middle}
    svg .on{fill:var(--on-accent)}
    svg .end{text-anchor:end}
    svg .mid{text-anchor:middle}
    svg .halo{paint-order:stroke;stroke:var(--panel);stroke-width:4px;stroke-linejoin:round}
    svg svg{display:inline;width:auto;overflow:visible}
    svg .plot{width:90%}
    svg .trend{width:86%}
    svg .point{width:1px;height:1px}
    svg .shape{fill:var(--tone);stroke:var(--tone);stroke-width:1.5;stroke-linejoin:round}
    svg .shape.unsure,svg .shape.warning{fill:var(--panel)}
    svg .tone{fill:var(--tone);font-weight:600}
    svg .interval{stroke:var(--tone);stroke-width:2.5;stroke-linecap:round}
    svg .noise{fill:var(--accent);fill-opacity:.09}
    svg .band{fill:var(--accent);fill-opacity:.14}
    svg .line{fill:none;stroke:var(--accent);stroke-width:1.8;stroke-linejoin:round;vector-effect:non-scaling-stroke}
    svg .steps{fill:none;stroke:var(--text);stroke-width:1.3;vector-effect:non-scaling-stroke;opacity:.75}
    svg .reference{stroke:var(--text);stroke-width:2}
    svg .reference.thin{stroke-width:1.2;stroke-dasharray:6 4}
    svg .mark{font-weight:700}
    svg .gap{stroke:var(--muted);stroke-width:1.5}
    svg .faint{opacity:.5}
    svg .span{fill:var(--accent);fill-opacity:.75}
    svg .span.bad,svg .span.warning{fill:var(--bad);fill-opacity:1}
    svg.spark{display:inline-block;width:96px;vertical-align:middle;margin:-2px 0}
    svg .narrow,svg .tight{display:none}
    .pill.bare{border-color:transparent;background:none;font-weight:400}
    .pill+.cell-note{white-space:normal}
    .mini{font-size:12px;padding:0 7px}
    td.words{overflow-wrap:anywhere;min-width:8em}
    del{color:var(--bad);text-decoration-thickness:2px}
    ins{color:var(--good);font-weight:650;text-decoration-thickness:2px;text-underline-offset:3px}
    a{color:var(--accent)}
    .signs{width:auto}
    .signs th,.signs td{padding:2px 3px;border:0;text-align:center;font-size:13px}
    .signs tbody th{text-align:left;padding-right:12px;white-space:nowrap;position:sticky;left:0;background:var(--panel)}
    .signs td{min-width:26px;background:var(--tone-bg);color:var(--tone);font-weight:700;border:2px solid var(--panel);
    border-radius:6px}
    .signs td.none{background:none;color:var(--muted);font-weight:400}
    .signs td a{color:inherit;text-decoration:none;display:block}
    .calendar td{min-width:22px;height:22px;font-size:12px}
    .calendar td.none{background:var(--soft)}
    .calendar thead th{min-width:22px;max-width:22px;white-space:nowrap;text-align:left;overflow:visible}
    .away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    button.sort{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}
    button.sort::after{content:"↕";opacity:.35;margin-left:4px}
    [aria-sort=ascending] button.sort::after{content:"↑";opacity:1}
    [aria-sort=descending] button.sort::after{content:"↓";opacity:1}
    button:focus-visible,input:focus-visible,select:focus-visible,a:focus-visible,pre:focus-visible{
    outline:2px solid var(--accent);outline-offset:2px}
    .filter{color:var(--muted);font-size:13px;margin:0 0 6px}
    .filter span{margin-left:10px}
    input,select,button.copy{font:inherit;font-size:13px;color:var(--text);background:var(--panel);
    border:1px solid var(--line);border-radius:6px;padding:3px 8px;max-width:100%}
    button.copy{float:right;margin:6px;cursor:pointer;position:relative}
    .compare{margin-bottom:18px;overflow-x:auto}
    .compare label{color:var(--muted);font-size:13px;margin-right:14px}
    .compare table{margin-top:8px}
    .ramp{display:inline-block;width:96px;height:10px;border-radius:3px;vertical-align:middle;margin:0 6px;
    background:linear-gradient(90deg,var(--soft),var(--accent))}
    .pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(84px,1fr));gap:12px}
    .pictures figure{margin:0;text-align:center}
    .pictures img{width:72px;height:72px;object-fit:contain;image-rendering:auto;background:var(--soft);
    border:1px solid var(--line);border-radius:4px}
    img.thumb{width:48px;height:48px;object-fit:contain;image-rendering:auto;background:var(--soft);
    border:1px solid var(--line);border-radius:4px;vertical-align:middle}
    .pictures figcaption{color:var(--muted);font-size:12px}
    details{margin-top:12px}
    summary{cursor:pointer;color:var(--muted);font-size:13px}
    details .scroll{margin-top:8px}
    details td,details th{font-size:13px;padding:3px 7px}
    @media (max-width:1080px){svg .wide{display:none}svg .narrow{display:inline}}
    @media (max-width:640px){svg .roomy{display:none}svg .tight{display:inline}}
    @media screen and (max-width:760px){
    .page{padding:20px 14px 32px}
    h1{font-size:22px}
    .panel.half{grid-column:1/-1;grid-row:auto}
    .panel{padding:14px}
    .tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:10px}
    .tile .value{font-size:19px}
    .scroll th,.scroll td{padding:6px 7px}
    dl{grid-template-columns:minmax(0,1fr);gap:0}
    dd{margin:0 0 8px}
    .signs tbody th{white-space:normal;min-width:8em;max-width:8em;overflow-wrap:anywhere}
    svg text{font-size:11px}
    .stacked table,.stacked tbody,.stacked td,.stacked th{display:block;width:auto}
    .stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .stacked tr:not([hidden]){display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:5px 14px;padding:10px 0;
    border-bottom:1px solid var(--line)}
    .stacked tr:last-child{border-bottom:0}
    .stacked td,.stacked tbody th{border:0;padding:0;text-align:left;white-space:normal;overflow-wrap:anywhere}
    .stacked tbody th,.stacked td.long{grid-column:1/-1}
    .stacked tbody th{font-weight:650}
    .stacked td:empty{display:none}
    .stacked td::before{content:attr(data-head);display:block;color:var(--muted);font-size:12px;font-weight:400}
    .examples table,.examples tbody,.examples tr,.examples td,.examples th{display:block;width:auto}
    .examples thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .examples tr{padding:10px 0;border-bottom:1px solid var(--line)}
    .examples tr:last-child{border-bottom:0}
    .examples td,.examples tbody th{border:0;padding:1px 0 1px 92px;text-align:left;white-space:normal;
    min-width:0;position:relative}
    .examples td::before,.examples tbody th::before{content:attr(data-head);color:var(--muted);
    font-size:13px;font-weight:400;position:absolute;left:0}
    }
    @media print{:root{color-scheme:light;--bg:#fff;--panel:#fff;--soft:#f6f7f9;--line:#ccd2d9;
    --text:#111;--muted:#4d5660;--accent:#2f5fc4;--on-accent:#fff;--good:#0f7b3f;--good-bg:#fff;
    --bad:#c22323;--bad-bg:#fff;--warning:#8f5a00;--warning-bg:#fff;--neutral:#4d5660;--neutral-bg:#fff}
    .filter,button.copy,button.sort::after,.compare{display:none}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
    @page{margin:12mm}
    body{font-size:9pt}.page{max-width:none;padding:0}
    h1{font-size:17pt}h2{font-size:12pt;margin:20px 0 8px}h3{font-size:10pt}
    th,td{padding:3px 5px}th,.sub,.legend,.hint,.pill,code,pre,.code{font-size:8pt}
    .panels{gap:10px}.panel{padding:10px 12px}.tiles{grid-template-columns:repeat(6,1fr);gap:8px}
    .tile{padding:6px 9px}.tile .value{font-size:12pt}.tile .name,.tile .note{font-size:8pt}
    svg text{font-size:10px}
    .panel,.tile,.verdict,tr{break-inside:avoid}.panel:has(tr:nth-child(12)){break-inside:auto}
    h2,.lead{break-after:avoid}.scroll{overflow:visible}
    .scroll thead th.num{white-space:normal;overflow-wrap:anywhere}
    .scroll:has(th.num:nth-child(11)) :is(th,td,.cell-note,.pill){font-size:6pt;padding:2px}
    a{color:inherit;text-decoration:none}
    details:not([open]){display:none}}
    """
}
