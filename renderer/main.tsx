import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './theme/tokens.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { App } from './app/App';
import { applyAppearance } from './app/appearance';
import { createWindowWorkspace } from './app/createWindowWorkspace';
import { connect } from './store/connect';
import { fetchLater } from './ui/later';

// The page's policy forbids code made from text, and trying it would be reported.
config({ jitless: true });
applyAppearance();
const workspace = createWindowWorkspace();
void connect();

const root = document.getElementById('root');
if (!root) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <App workspace={workspace} />
  </StrictMode>,
);
void fetchLater();
