// pages/style.h — how the browsable API's pages look: light and dark, from a phone to a desktop.
#pragma once

namespace pages {

inline constexpr char style[] = R"css(
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--text:#1b2129;--soft:#525c69;
--line:#d5dae1;--link:#0b57b0;--main:#0b57b0;--on-main:#fff;--bad:#a8181f;--bad-ground:#fdf0f0;
--good:#17693a;--key:#7a2e8e;--code:#f1f3f6;--bar:#15324f;--on-bar:#fff}
@media(prefers-color-scheme:dark){:root{--ground:#12161b;--card:#1a2027;--text:#e6eaf0;
--soft:#a5b0bd;--line:#38424e;--link:#82b8ff;--main:#82b8ff;--on-main:#0c1a2b;--bad:#ff9c9c;
--bad-ground:#391d20;--good:#7fd6a0;--key:#d9a5ea;--code:#11161b;--bar:#0b1b2b}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
a{color:var(--link);text-underline-offset:2px}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,
textarea:focus-visible,summary:focus-visible,pre:focus-visible{outline:3px solid var(--main);
outline-offset:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--card);padding:8px}
.bar{background:var(--bar);color:var(--on-bar)}
.bar>div,nav.places>div,main{max-width:1180px;margin:0 auto;padding:0 20px}
.bar>div{display:flex;flex-wrap:wrap;gap:6px 18px;align-items:center;min-height:56px;
padding-top:6px;padding-bottom:6px}
.bar a{color:var(--on-bar)}.bar .brand{font-weight:700;font-size:18px;text-decoration:none;
margin-right:auto}
.bar form{display:flex;gap:6px;align-items:center;margin:0}
.bar select,.bar button,.bar .button{min-height:40px;padding:4px 12px;width:auto;font-size:15px}
.bar select{max-width:230px;min-width:0;text-overflow:ellipsis}.bar form{min-width:0}
.who{min-width:0;overflow-wrap:anywhere}
.bar button,.bar .button{background:transparent;border:1px solid #ffffff80;color:var(--on-bar)}
.bar a:focus-visible,.bar button:focus-visible,.bar select:focus-visible{outline-color:var(--on-bar)}
.bar :is(button,.button):hover{background:#ffffff26}
.who b{font-weight:600}
nav.places{background:var(--card);border-bottom:1px solid var(--line)}
nav.places>div{display:flex;flex-wrap:wrap;gap:0 4px}
nav.places a{display:block;padding:10px;color:var(--soft);text-decoration:none;font-size:15px}
nav.places a:first-child{margin-left:-10px}
nav.places a:hover{color:var(--text);text-decoration:underline}
nav.places a[aria-current]{color:var(--text);font-weight:600;box-shadow:inset 0 -3px var(--main)}
main{padding-top:18px;padding-bottom:60px}
.crumbs{font-size:14px;color:var(--soft)}.crumbs ol{display:flex;flex-wrap:wrap;gap:0 8px;
list-style:none;margin:0;padding:0}.crumbs li+li::before{content:"/";margin-right:8px}
h1{font-size:30px;line-height:1.2;margin:10px 0 4px;overflow-wrap:anywhere}
h2{font-size:19px;margin:0 0 12px}
.summary{margin:0 0 16px;color:var(--soft);max-width:70ch}
.tools{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 16px;align-items:stretch}
.tools form{margin:0;display:flex}
button,.button{font:inherit;font-size:15px;font-weight:600;min-height:44px;padding:8px 18px;
border-radius:8px;border:1px solid var(--line);background:var(--card);color:var(--text);
cursor:pointer;text-decoration:none;display:inline-flex;align-items:center}
button:hover,.button:hover{border-color:var(--soft)}
.main{background:var(--main);border-color:var(--main);color:var(--on-main)}
.bad{color:var(--bad);border-color:var(--bad)}
.pair{display:flex}.pair>.button:first-child{border-radius:8px 0 0 8px}
.pair details{position:relative}.pair summary{border-radius:0 8px 8px 0;border-left:0;
padding:8px 12px;list-style:none}.pair summary::-webkit-details-marker{display:none}
.pair details>div{position:absolute;z-index:1;left:0;top:48px;background:var(--card);
border:1px solid var(--line);border-radius:8px;box-shadow:0 6px 20px #0003;min-width:120px}
.pair details a{display:block;padding:10px 16px}
.alert{border:1px solid var(--bad);border-left-width:5px;background:var(--bad-ground);
color:var(--text);border-radius:8px;padding:10px 16px;margin:0 0 16px}
.alert p{margin:2px 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px;
margin:0 0 20px}
pre{font:14px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.answer{padding:0;overflow:hidden}.answer pre{padding:14px 20px}
.answer .request{background:var(--code);border-bottom:1px solid var(--line);font-weight:600}
.head{color:var(--soft)}.ok{color:var(--good);font-weight:700}.no{color:var(--bad);font-weight:700}
.key{color:var(--key)}.name{color:var(--soft);user-select:none}
pre.thing{background:var(--code);border-radius:8px;padding:14px 16px;margin:0 0 16px}
.pages{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 20px}
.field{margin:0 0 16px;max-width:640px}
label,legend{display:block;font-weight:600;margin:0 0 4px}
.help{color:var(--soft);font-size:14px;margin:4px 0 0}.optional{font-weight:400;color:var(--soft)}
.problem{color:var(--bad);margin:4px 0 0;font-weight:600}
input,select,textarea{font:inherit;width:100%;min-height:44px;padding:8px 12px;border-radius:8px;
border:1px solid #7b8794;background:var(--card);color:var(--text)}
textarea{min-height:120px;resize:vertical;display:block}
textarea.raw{font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;min-height:250px}
[aria-invalid]{border-color:var(--bad);border-width:2px}
fieldset{border:0;border-left:3px solid var(--line);margin:0 0 16px;padding:0 0 0 16px}
legend{font-size:17px;padding:0;margin-bottom:8px}
.buttons{display:flex;flex-wrap:wrap;gap:8px}
details.raw .field{max-width:none}
.contents{columns:3 240px;padding-left:18px;margin:0}.contents ul{padding-left:18px}
.contents>li:has(ul){break-inside:avoid}table{border-collapse:collapse;width:100%;margin:0 0 14px;
font-size:15px}caption{text-align:left;font-weight:600;padding:4px 0}th,td{text-align:left;vertical-align:top;
padding:4px 12px 4px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}article{margin:0 0 34px}
h3{font-size:17px;margin:0 0 4px;overflow-wrap:anywhere}h3 code{font-weight:400;color:var(--soft)}
.fields{table-layout:fixed}.fields th:first-child{width:26%}.fields th:nth-child(2){width:30%}
dt{margin-top:8px}dd{margin:0 0 0 18px}
.boxes{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(210px,100%),1fr));gap:0 16px}
.filters{padding:4px 20px}.filters[open]{padding-bottom:20px}
.filters summary{padding:10px 0;font-weight:600;cursor:pointer}
details.raw>summary{font-size:19px;font-weight:600;cursor:pointer}
details.raw[open]>summary{margin-bottom:14px}
.buttons .help{align-self:center;margin:0}
.narrow{max-width:440px;margin:40px auto}
.narrow .main{width:100%;justify-content:center}
.narrow h1{margin:0 0 12px}.card>h1:first-child{margin-top:0}
ul.links{margin:0;padding-left:20px}
@media(max-width:600px){.bar>div,nav.places>div,main{padding-left:14px;padding-right:14px}
h1{font-size:25px}.card{padding:16px}.answer{padding:0}.answer pre{padding:12px 14px;font-size:13px}
.who{flex-basis:100%;order:3}.bar .companies{order:4;flex-basis:100%}.bar .companies select{
max-width:none;flex:1}
.fields thead{position:absolute;left:-999px}.fields tr{display:block;border-top:1px solid var(--line);
padding:4px 0}.fields :is(th,td){display:block;border:0;padding:0;width:auto}}
)css";

}  // namespace pages
