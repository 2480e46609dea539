package dev.kcm.testkit;

import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Stage;

/** Plays the server in a {@link Rehearsal}. */
@FunctionalInterface
public interface Responder {

  /** What becomes of an action. */
  Result answer(Action action);

  /** A stage begins. Does nothing unless overridden. */
  default void begins(Stage stage) {}

  /** An action has its result, or was skipped. Does nothing unless overridden. */
  default void ended(Result result) {}
}
