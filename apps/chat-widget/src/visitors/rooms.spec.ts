import type { AccountId, Address, Joined } from '@yixian/contracts';
import type { Namespace } from 'socket.io';
import { VisitorRooms } from './rooms.ts';

const site = 'shop' as AccountId;
const address = 'somebody' as Address;

/** Rooms of a namespace in which `tab.join` puts a tab; what each tab hears is in `heard`. */
function aRoom() {
  const members = new Set<ReturnType<typeof aTab>>();
  const emit = (event: string): void => members.forEach((tab) => tab.emit(event));
  const rooms = { get: () => members };
  const namespace = { to: () => ({ emit }), adapter: { rooms } };
  const tabs = new VisitorRooms();
  tabs.open(namespace as unknown as Namespace);
  function aTab() {
    const heard: string[] = [];
    return {
      connected: true,
      heard,
      emit: (event: string): boolean => heard.push(event) > 0,
      join: (): void => void members.add(tab),
    };
  }
  const tab = aTab();
  return { tabs, tab };
}

it('says joined first, then what was told meanwhile, then what is told from now on', async () => {
  const { tabs, tab } = aRoom();
  await tabs.welcome(tab, { site, address }, async () => {
    tabs.tell(site, address, 'lines', []);
    expect(tabs.has(site, address)).toBe(true);
    return {} as Joined;
  });
  tabs.tell(site, address, 'read', { position: 1 });
  expect(tab.heard).toEqual(['joined', 'lines', 'read']);
});

it('forgets a tab that goes before it has come', async () => {
  const { tabs, tab } = aRoom();
  const welcomed = tabs.welcome(tab, { site, address }, async () => ({}) as Joined);
  tab.connected = false;
  expect(tabs.has(site, address)).toBe(false);
  await welcomed;
  tabs.tell(site, address, 'lines', []);
  expect(tab.heard).toEqual([]);
});

it('keeps nothing when what is to be said cannot be read', async () => {
  const { tabs, tab } = aRoom();
  const failing = () => Promise.reject(new Error('away'));
  await expect(tabs.welcome(tab, { site, address }, failing)).rejects.toThrow('away');
  expect(tabs.has(site, address)).toBe(false);
});
