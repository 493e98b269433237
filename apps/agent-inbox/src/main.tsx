import { createRoot } from 'react-dom/client';
import { createEntrance } from './desk/desk.ts';
import { App } from './frame/app.tsx';
import { listenToKeys } from './keyboard/shortcuts.ts';
import { applyTheme } from './preferences/theme.ts';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/frame.css';
import './style/inbox.css';
import './style/timeline.css';
import './style/mail.css';
import './style/wechat.css';
import './style/composer.css';
import './style/contact.css';
import { LanguageProvider, loadLanguage, wantedLocale } from './words/words.tsx';

applyTheme();
listenToKeys();
const entrance = createEntrance();
const [language] = await Promise.all([loadLanguage(wantedLocale()), entrance.session.resume()]);
createRoot(document.getElementById('root')!).render(
  <LanguageProvider initial={language}>
    <App entrance={entrance} />
  </LanguageProvider>,
);
