import type { VisitorConversation, VisitorRequests } from '@yixian/contracts/visitor-socket';
import { Component } from 'preact';
import type { Chat } from './chat.ts';
import { Icon } from './icons.tsx';
import type { Words } from './words.ts';

interface SurveyProps {
  chat: Chat;
  words: Words;
}

/** Asks once, after a conversation was closed, how it was. */
export class Survey extends Component<SurveyProps, { score: number; text: string }> {
  override state = { score: 0, text: '' };

  render({ chat, words }: SurveyProps, { score, text }: { score: number; text: string }) {
    if (chat.rated) return <p class="rated">{words.rated}</p>;
    if (!chat.conversation?.survey) return null;
    return (
      <form
        class="survey"
        onSubmit={(event) => {
          event.preventDefault();
          chat.rated = true;
          answer(chat, 'rate', (conversationId) => ({ conversationId, score, text }));
        }}
      >
        <Stars score={score} words={words} onScore={(next) => this.setState({ score: next })} />
        {score > 0 && (
          <textarea
            rows={2}
            maxLength={2000}
            aria-label={words.rateText}
            placeholder={words.rateText}
            value={text}
            onInput={(event) => this.setState({ text: event.currentTarget.value })}
          />
        )}
        <div class="choices">
          <button
            type="button"
            onClick={() => answer(chat, 'dismiss', (conversationId) => ({ conversationId }))}
          >
            {words.rateLater}
          </button>
          {score > 0 && (
            <button type="submit" class="primary">
              {words.rateSend}
            </button>
          )}
        </div>
      </form>
    );
  }
}

/** Whatever the answer is, nothing is asked again. */
function answer<E extends 'rate' | 'dismiss'>(
  chat: Chat,
  event: E,
  dataFor: (id: VisitorConversation['id']) => VisitorRequests[E][0],
): void {
  if (!chat.conversation) return;
  void chat.ask(event, dataFor(chat.conversation.id));
  chat.conversation = { ...chat.conversation, survey: false };
  chat.keep('live', null);
  chat.changed();
}

const Stars = ({ score, words, onScore }: { score: number; words: Words; onScore(score: number): void }) => (
  <fieldset>
    <legend>{words.rateTitle}</legend>
    <div class="stars">
      {words.score.map((name, at) => (
        <label key={name} class={at < score ? 'lit' : ''} title={name}>
          <input
            type="radio"
            name="score"
            aria-label={name}
            checked={score === at + 1}
            onChange={() => onScore(at + 1)}
          />
          <Icon name="star" />
        </label>
      ))}
    </div>
    <p aria-hidden="true">{words.score[score - 1]}</p>
  </fieldset>
);
