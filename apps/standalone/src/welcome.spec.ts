import { greeting } from './welcome.ts';

const mail = { port: 2525, outboxKey: 'a-key' };

it('says where to look, and the first password only when there is one', () => {
  const first = greeting(
    'http://localhost:3000',
    { email: 'admin@example.com', password: 'abcd2345' },
    mail,
    { isSimulated: true },
  );
  expect(first).toContain('http://localhost:3000/demo');
  expect(first).toContain('abcd2345');
  expect(first).toContain('smtp://127.0.0.1:2525  support@example.com');
  expect(first).toContain('http://localhost:3000/mail/outbox?key=a-key');
  expect(first).toContain('http://localhost:3000/simulator');
  expect(greeting('http://localhost:3000', undefined, mail, { isSimulated: false })).not.toMatch(/Password/);
});
