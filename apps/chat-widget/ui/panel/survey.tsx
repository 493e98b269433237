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
          chat.rate(score, text);
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
          <button type="button" onClick={() => chat.dismissSurvey()}>
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
