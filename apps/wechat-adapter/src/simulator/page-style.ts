export const pageStyle = `
:root { color-scheme: light dark; --ground: #ededed; --card: #fff; --ink: #1b1b1b; --quiet: #5c5c5c; --line: #d6d6d6; --mine: #95ec69; --on-mine: #10240a; --green: #067a3d; --on-green: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #151515; --card: #232323; --ink: #ececec; --quiet: #adadad; --line: #3a3a3a; --mine: #2f8f4e; --on-mine: #fff; --green: #35b46b; --on-green: #07140c; }
}
* { box-sizing: border-box; margin: 0; }
body { color: var(--ink); background: var(--ground); font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 4px 24px; align-items: baseline; padding: 20px max(16px, 50vw - 480px); }
h1 { font-size: 20px; }
header p { flex: 1 1 360px; color: var(--quiet); font-size: 14px; }
a { color: var(--green); }
main { display: grid; grid-template-columns: 260px minmax(0, 420px); gap: 24px; justify-content: center; padding: 0 16px 24px; }
.setup { display: grid; gap: 12px; align-content: start; }
label { display: grid; gap: 4px; font-size: 14px; color: var(--quiet); }
select, input { width: 100%; padding: 8px 10px; font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.hint { font-size: 13px; color: var(--quiet); }
.phone { display: flex; flex-direction: column; height: min(720px, calc(100vh - 120px)); background: var(--ground); border: 1px solid var(--line); border-radius: 24px; overflow: hidden; }
.name { padding: 10px; text-align: center; font-weight: 600; background: var(--card); border-bottom: 1px solid var(--line); }
ol { flex: 1; overflow-y: auto; list-style: none; padding: 16px; display: flex; flex-direction: column; gap: 10px; }
li { max-width: 80%; width: fit-content; padding: 8px 12px; border-radius: 8px; background: var(--card); white-space: pre-wrap; overflow-wrap: anywhere; }
li.mine { align-self: flex-end; color: var(--on-mine); background: var(--mine); }
li small { display: block; opacity: 0.8; }
li button { display: block; width: 100%; margin-top: 6px; background: none; color: var(--green); border: 0; border-top: 1px solid var(--line); border-radius: 0; text-align: left; }
li.none { align-self: center; background: none; color: var(--quiet); text-align: center; }
.deeds { display: flex; flex-wrap: wrap; gap: 6px; padding: 8px 12px; border-top: 1px solid var(--line); }
button { padding: 8px 14px; font: inherit; color: var(--on-green); background: var(--green); border: 0; border-radius: 8px; cursor: pointer; white-space: nowrap; }
.deeds button { padding: 4px 10px; font-size: 13px; color: var(--ink); background: var(--card); border: 1px solid var(--line); }
form > button { flex: none; }
form { display: flex; gap: 8px; padding: 8px 12px 14px; }
:focus-visible { outline: 2px solid var(--green); outline-offset: 2px; }
@media (max-width: 720px) { main { grid-template-columns: minmax(0, 1fr); } .phone { height: 70vh; } }
`;
