// Finds a Chromium for the browser journeys, or fetches one where this machine can.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const installed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function runnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function find() {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env.CHROMIUM, ...onPath, ...installed, chromium.executablePath()].find(
    (path) => path && runnable(path),
  );
}

function installFromDebian() {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return;
  console.error('No Chromium here: installing Debian’s (chromium, fonts-noto-cjk).');
  const apt = (...args) =>
    execFileSync('apt-get', args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
}

function installFromPlaywright() {
  console.error('No Chromium here: fetching Playwright’s.');
  spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../../node_modules/playwright-core/cli.js'), 'install', 'chromium'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

/** The path of a Chromium that runs. Throws, in words, when none can be had. */
export function chromiumPath() {
  for (const fetch of [() => {}, installFromDebian, installFromPlaywright]) {
    fetch();
    const path = find();
    if (path) return path;
  }
  throw new Error(
    'The browser journeys need Chromium or Chrome. Install one (Debian: apt-get install chromium), or name it in CHROMIUM.',
  );
}

/** A headless browser that talks to this machine alone. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
}
