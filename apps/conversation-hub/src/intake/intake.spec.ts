import { aMessage, TestRecord } from '../../testing/record.ts';

describe('intake', () => {
  let record: TestRecord;
  beforeEach(async () => {
    record = await TestRecord.open();
  });
  afterEach(() => record.close());

  it('makes contact, conversation and entries of a first batch', async () => {
    await record.take([aMessage({ text: 'hello' }), aMessage({ text: 'again' })]);
    const events = await record.events();
    expect(events.map(({ kind }) => kind)).toEqual(['entry.recorded', 'entry.recorded']);
  });
});
