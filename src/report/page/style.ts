import { dark, light, variables } from './palette.ts'

/** The page's whole style sheet. It names no address, so the page asks for nothing. */
export const style = `
:root{color-scheme:light dark;${variables(light)}
--sans:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif;
--serif:"Iowan Old Style","Palatino Linotype",Palatino,"Source Serif 4",Charter,Georgia,"Liberation Serif",serif;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{${variables(dark)}}}
@media print{:root{color-scheme:light;${variables(light)}--ground:#fff;--raised:#fff}}
*{box-sizing:border-box}
html{background:var(--ground);scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
body{margin:0;color:var(--ink);font:1rem/1.55 var(--sans);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.wide{max-width:70rem;margin-inline:auto;padding-inline:clamp(1rem,4vw,2.5rem)}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--ink);color:var(--ground);padding:.5rem .9rem;z-index:2}
.skip:focus{top:.5rem}
h1,h2,h3,h4,p,dl,ol,ul,figure{margin:0}
h2{font:600 1.65rem/1.2 var(--serif);margin-bottom:.35rem}
h3{font:600 1.3rem/1.25 var(--serif)}
h4{font:600 .8rem/1.3 var(--sans);color:var(--muted);letter-spacing:.03em;margin-bottom:.6rem}
.masthead{padding-block:1.6rem 0}
.brand{display:flex;flex-wrap:wrap;align-items:center;gap:.1rem .6rem;font-size:.92rem;color:var(--muted)}
.brand svg{flex:none;color:var(--link)}
.brand h1{font:600 .92rem/1.3 var(--sans);color:var(--ink)}
.lead{font:500 clamp(1.45rem,1.1rem + 1.8vw,2.3rem)/1.22 var(--serif);max-width:34em;margin-block:1.7rem .8rem;text-wrap:pretty}
.second{max-width:44rem;color:var(--muted)}
.figures{display:grid;grid-template-columns:repeat(6,1fr);margin-block:1.8rem 0;border-block:1px solid var(--line)}
.figures div{display:flex;flex-direction:column-reverse;padding:.75rem .9rem .8rem;border-left:1px solid var(--line)}
.figures div:first-child{border-left:0;padding-left:0}
.figures dt{font-size:.84rem;color:var(--muted)}
.figures dd{margin:0;font:500 1.75rem/1.2 var(--serif);font-variant-numeric:lining-nums tabular-nums}
.figures .alarm dd{color:var(--alarm)}.figures .watch dd{color:var(--watch)}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;padding:0;margin-top:1rem;font-size:.93rem}
main>section{padding-block:2.6rem 0}
main>section>h2+p{color:var(--muted);max-width:46rem;margin-bottom:1.1rem}
.note{border-left:3px solid var(--watch);padding:.15rem 0 .15rem .9rem;margin-top:1.3rem;max-width:46rem;font-size:.93rem}
figure{margin-block:1.3rem}
figcaption,.says{font-size:.84rem;color:var(--muted);margin-top:.35rem;display:flex;flex-wrap:wrap;gap:.15rem 1.2rem}
figcaption span{display:inline-flex;align-items:center;gap:.4rem}figcaption svg{flex:none}
svg.chart{display:block;width:calc(100% - 3.4rem);margin-left:3.4rem;overflow:visible}
svg text{font:.75rem var(--sans);fill:var(--muted);font-variant-numeric:tabular-nums}
svg text.over{paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
svg text.mark{fill:var(--ink);font-weight:600}
svg .grid{stroke:var(--line)}svg .base{stroke:var(--muted)}
svg .moment{stroke:var(--ink);stroke-dasharray:3 3}
svg .before{fill:var(--alarm)}svg .after{fill:var(--alarmSoft)}svg .crowd{fill:var(--crowd)}
svg .track{fill:var(--line)}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;width:100%;overflow-wrap:break-word;font-size:.9rem;line-height:1.4}
caption{text-align:left;color:var(--muted);padding-bottom:.5rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .8rem .5rem 0;border-bottom:1px solid var(--line)}
thead th{font-weight:600;font-size:.8rem;color:var(--muted);white-space:nowrap;border-bottom-color:var(--muted)}
tbody th{font-weight:500}
td.n,th.n{text-align:right;white-space:nowrap;overflow-wrap:normal;padding-right:1.7rem}
.rejected{max-width:36rem}
.date,.sure{white-space:nowrap}
.glance{min-width:54rem}.accounts{min-width:62rem}
.spark{display:block;width:8.5rem}
th[scope=row]{min-width:6rem;max-width:17rem;overflow-wrap:anywhere}td:last-child{overflow-wrap:anywhere}.accounts td:nth-child(2){min-width:5rem;max-width:12rem;overflow-wrap:anywhere}
.accounts th[scope=row]{min-width:11rem}.rejected th[scope=row]{max-width:none}
.accounts td:last-child{width:44%}
.accounts summary{padding-block:0}.accounts summary:not(:hover){color:var(--ink)}
.name{font-family:var(--mono);font-size:.92em;overflow-wrap:anywhere}
.id{font-family:var(--mono);font-size:.84em}
.quiet{color:var(--muted)}
.flagged{color:var(--alarm);font-weight:600}.watched{color:var(--watch);font-weight:600}
article{border-top:2px solid var(--ink);padding-top:1rem;margin-top:2.4rem}
article header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.2rem 1.5rem}
article header p{font-size:.93rem}
.gist{max-width:48rem;margin-top:.6rem}
.parts{display:grid;grid-template-columns:minmax(0,1.7fr) minmax(0,1fr);gap:1.6rem 3rem}
.reasons{list-style:none;padding:0}
.reasons li{display:grid;grid-template-columns:minmax(0,1fr) 6.5rem;gap:.1rem 1.2rem;padding-block:.6rem;border-top:1px solid var(--line)}
.reasons li:first-child{border-top:0;padding-top:0}
.reasons .kind{grid-column:1;font-size:.82rem;color:var(--muted)}
.reasons .text{grid-column:1}
.reasons .weight{grid-column:2;grid-row:1/3;text-align:right;font-size:.9rem}
.reasons .weight svg{display:block;width:100%;margin-top:.35rem}
.side>*+h4{margin-top:1.3rem}
.plain{list-style:none;padding:0;font-size:.92rem}
.plain li+li{margin-top:.25rem}
details{font-size:.92rem}table details{font-size:inherit}
summary{cursor:pointer;color:var(--link);padding-block:.15rem}
.names{list-style:none;padding:0;margin-top:.4rem;columns:13rem;column-gap:1.5rem;font-size:.92em}
.names li{break-inside:avoid}
.small{margin-top:.2rem;padding-left:1.1rem}
.small li+li{margin-top:.3rem}
.filter{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem .8rem;margin-block:.4rem 1.2rem}
.filter[hidden]{display:none}
.filter input{font:inherit;color:inherit;background:var(--raised);border:1px solid var(--muted);border-radius:3px;padding:.4rem .6rem;width:min(22rem,100%)}
.block{margin-top:1.6rem}
.block h3{margin-bottom:.3rem}
.block>p{color:var(--muted);margin-bottom:.6rem;max-width:46rem}
.terms{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1.4rem;font-size:.95rem;max-width:46rem}
.terms dt{font-weight:600}.terms dd{margin:0}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 3rem}
footer{margin-top:3.2rem;padding-block:1.1rem 2.4rem;border-top:1px solid var(--line);font-size:.86rem;color:var(--muted)}
@media (max-width:60rem){.parts,.pair{grid-template-columns:minmax(0,1fr)}}
@media (max-width:46rem){
.free thead th{white-space:normal}
.figures{grid-template-columns:repeat(3,1fr)}
.figures div{padding-inline:.7rem 0}
.figures div:nth-child(3n+1){border-left:0;padding-left:0}
.figures div:nth-child(n+4){border-top:1px solid var(--line)}
.figures dd{font-size:1.4rem}
.reasons li{grid-template-columns:minmax(0,1fr)}
.reasons .weight{grid-column:1;grid-row:auto;text-align:left;display:flex;align-items:center;gap:.7rem;margin-top:.2rem}
.reasons .weight svg{width:6rem;margin:0}
.terms{grid-template-columns:minmax(0,1fr);gap:0}.terms dd{margin-bottom:.6rem}
}
@media (forced-colors:active){svg .before{fill:CanvasText}svg .after,svg .crowd{fill:GrayText}}
@media print{
@page{margin:16mm 14mm}
html{font-size:9pt}
nav,.skip,.filter{display:none}
a{color:inherit;text-decoration:none}
.scroll{overflow:visible}
.glance,.accounts{min-width:0}
.figures{grid-template-columns:repeat(6,1fr)}
article,main>section{margin-top:1.4rem;padding-top:1rem}
figure,tr,.opening,.reasons li,.note{break-inside:avoid}
.spark{width:5.5rem}th,td{padding-block:.3rem;padding-right:.6rem}td.n,th.n{padding-right:.9rem}
.accounts th[scope=row]{min-width:8.5rem}.accounts td:last-child{width:auto}.glance .date,.glance .sure{white-space:normal}
h2,h3,h4,.gist{break-after:avoid}
thead{display:table-header-group}
details.print::details-content{content-visibility:visible;block-size:auto}
svg .before,svg .after,svg .crowd,svg .track{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`
