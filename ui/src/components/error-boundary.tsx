/** What is shown in place of a part of the page that failed: it could not be loaded, or it has a mistake. */
import { Component, type ReactNode } from 'react';

import { exitCodes, OverspanError } from '../../../src/base/errors.ts';
import { strings } from '../strings.ts';
import { explained, Problem } from './problem.tsx';

interface Props {
  /** Where one is: elsewhere it is tried again. */
  readonly at?: string;
  readonly children: ReactNode;
}

interface State {
  readonly at: string | undefined;
  /** What was caught there; null: nothing. */
  readonly failed: { readonly error: unknown } | null;
}

/** See the head of this file. */
export class ErrorBoundary extends Component<Props, State> {
  override readonly state: State = { at: this.props.at, failed: null };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failed: { error } };
  }

  static getDerivedStateFromProps({ at }: Props, state: State): Partial<State> | null {
    return at === state.at ? null : { at, failed: null };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed === null) return this.props.children;
    const remedy = strings.partFailedRemedy(explained(failed.error).message);
    const error = new OverspanError('PAGE_PART_FAILED', exitCodes.failed, strings.partFailed, {
      remedy,
    });
    return (
      <Problem
        error={error}
        retry={strings.reload}
        onRetry={() => {
          window.location.reload();
        }}
      />
    );
  }
}
