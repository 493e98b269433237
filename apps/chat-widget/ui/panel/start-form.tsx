import type { Ask, Askable, PublicSite, VisitorAnswers } from '@yixian/contracts/visitor-socket';
import type { Chat } from './chat.ts';
import { refusal } from './words.ts';
import type { Words } from './words.ts';

interface FormProps {
  chat: Chat;
  site: PublicSite;
  words: Words;
}

/** What the site asks before the first message; outside business hours, the way to leave one. */
export function StartForm({ chat, site, words }: FormProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    chat.say(String(given.get('question')), answersIn(given, chat.asks));
  };
  const consent = chat.asks.find(({ field }) => field === 'consent');
  return (
    <form class="start" onSubmit={submit}>
      <h2>{chat.staffed ? words.startTitle : words.leaveTitle}</h2>
      <p>{chat.staffed ? words.startText : words.leaveText}</p>
      {chat.asks.map((ask) => ask.field !== 'consent' && <Field key={ask.field} ask={ask} words={words} />)}
      <label>
        {words.question}
        <textarea
          name="question"
          rows={4}
          required
          maxLength={chat.maxText}
          value={chat.draft}
          onInput={(event) => chat.write(event.currentTarget.value)}
        />
      </label>
      {consent && (
        <label class="consent">
          <input type="checkbox" name="consent" required={consent.required} />
          <span>{site.consent}</span>
        </label>
      )}
      <button type="submit" class="primary">
        {chat.staffed ? words.start : words.leave}
      </button>
      {chat.link === 'refused' && <p role="alert">{refusal(words, chat.refusal)}</p>}
    </form>
  );
}

const inputs = {
  name: { type: 'text', autoComplete: 'name' },
  email: { type: 'email', autoComplete: 'email' },
  phone: { type: 'tel', autoComplete: 'tel' },
  contact: { type: 'text', autoComplete: 'email' },
  consent: { type: 'text', autoComplete: 'off' },
} as const satisfies Record<Askable, object>;

const Field = ({ ask, words }: { ask: Ask; words: Words }) => (
  <label>
    {words.fields[ask.field]}
    {!ask.required && <small> {words.optional}</small>}
    <input
      {...inputs[ask.field]}
      name={ask.field}
      required={ask.required}
      maxLength={320}
      placeholder={ask.field === 'contact' ? words.contactHint : undefined}
    />
  </label>
);

function answersIn(given: FormData, asks: Ask[]): VisitorAnswers {
  const texts = asks.flatMap(({ field }) => {
    const text = String(given.get(field) ?? '').trim();
    return field === 'consent' || !text ? [] : [[field, text]];
  });
  return { ...Object.fromEntries(texts), ...(given.has('consent') && { consent: true }) } as VisitorAnswers;
}
