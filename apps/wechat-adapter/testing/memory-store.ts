export { memoryStore } from '@yixian/channel/testing';
