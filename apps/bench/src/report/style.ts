/** One sheet for screen, dark screen and paper. System fonts: nothing is fetched. */
export const reportStyle = `
:root{color-scheme:light dark;--ink:#1b1d22;--soft:#5a6070;--line:#d9dce3;--paper:#fff;--wash:#f5f6f8;--good:#14713c;--bad:#a3261f;--flat:#5a6070;--open:#7a5200;--bar:#3b6fb6;--link:#245ea8}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaef;--soft:#a3a9b8;--line:#343945;--paper:#14161b;--wash:#1c1f26;--good:#6fd196;--bad:#ff9b92;--flat:#a3a9b8;--open:#e5bd6a;--bar:#7ba7e6;--link:#8ab4f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:40px 0 8px;padding-top:8px;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:24px 0 4px}
h4{font-size:.92rem;margin:14px 0 0;overflow-wrap:anywhere}
h4 .soft{font-weight:400}
nav{display:flex;flex-wrap:wrap;gap:2px 16px;margin:14px 0 0}nav a{color:var(--link)}
p{margin:6px 0;max-width:72ch}
.soft{color:var(--soft)}
.small{font-size:.85em}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:2px 0 6px;max-width:calc(100vw - 40px)}
th,td{padding:5px 12px 5px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:middle}
th{font-weight:600;font-size:.82em;color:var(--soft);vertical-align:bottom}
th[scope=row]{font-weight:400;font-size:1em;color:var(--ink);vertical-align:middle}
td.n,th.n{text-align:right;white-space:nowrap}
td.name,th.name{overflow-wrap:anywhere;min-width:11rem}
th.name{min-width:7rem}
th.title{white-space:normal;overflow-wrap:anywhere;min-width:5.4rem;max-width:9rem}
tr.control td{color:var(--soft)}
.better{color:var(--good);font-weight:600}.worse{color:var(--bad);font-weight:600}.equivalent{color:var(--flat)}.inconclusive{color:var(--open)}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;background:var(--wash);padding:14px 18px;border-radius:8px;margin:16px 0}
dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;overflow-wrap:anywhere}
ul.caveats{padding-left:20px;max-width:76ch}
td .small{white-space:nowrap}
td.verdict{min-width:9.5rem}
.range{display:block;width:150px;height:14px}
.range .axis{stroke:var(--line)}.range .span{stroke:var(--bar);stroke-width:3;stroke-linecap:round}.range .dot,.range .beyond{fill:var(--ink)}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(104px,1fr));gap:14px 12px;margin:6px 0 24px;padding:0;list-style:none}
.gallery figure{margin:0}.gallery img,.thumb{display:block;border-radius:4px;image-rendering:auto;background:var(--wash)}
.gallery img{width:100%;height:auto}
figcaption{font-size:.8em;color:var(--soft);margin-top:4px;overflow-wrap:anywhere}
.thumb{display:inline-block;width:44px;height:44px;object-fit:cover;vertical-align:middle}
td.thumbs{white-space:nowrap}.thumb+.thumb{margin-left:4px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:20px}
footer{margin-top:48px;color:var(--soft);font-size:.85rem}
@media print{body{font-size:11px}nav{display:none}.charts{grid-template-columns:1fr 1fr;gap:10px}.case{break-inside:avoid}h4{break-after:avoid}main{max-width:none;padding:0}h2,h3,caption{break-after:avoid}tr,figure,.charts>div{break-inside:avoid}.scroll{overflow:visible}caption{max-width:none}th,td{padding:3px 6px 3px 0}td.name,th.name{min-width:0}th.title{min-width:0}.thumb{width:32px;height:32px}td.verdict{min-width:6rem}.range{width:96px}td .small{white-space:normal}.gallery{grid-template-columns:repeat(auto-fill,minmax(72px,1fr));gap:8px}}
@media screen and (max-width:560px){.gallery{grid-template-columns:repeat(auto-fill,minmax(96px,1fr));gap:12px 10px}th,td{padding-right:8px}dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:6px}}
`;
