import { channelSuite } from '@yixian/channel/testing';
import { wecomWorld } from '../testing/wecom-world.ts';
import { officialAccountWorld } from '../testing/official-account-world.ts';

channelSuite('an official account', officialAccountWorld);
channelSuite('WeCom customer service', wecomWorld);
