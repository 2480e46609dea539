package dev.kcm.testkit.cluster;

import dev.kcm.core.object.ApiError;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rules that hit a request amount to.
 *
 * @param hangs whether no answer ever comes
 * @param delay how much later it reaches the server
 * @param refusal why it does not; null when it does
 * @param answerDelay how much later its answer comes
 * @param lostAnswer what the sender sees instead of the answer; null when it sees that
 */
record Passage(
    boolean hangs,
    Duration delay,
    @Nullable ApiError refusal,
    Duration answerDelay,
    @Nullable ApiError lostAnswer) {

  private static final Passage FREE = new Passage(false, Duration.ZERO, null, Duration.ZERO, null);

  static Passage of(List<Faults.Effect> effects) {
    Passage passage = FREE;
    for (Faults.Effect effect : effects) {
      passage = passage.with(effect);
    }
    return passage;
  }

  private Passage with(Faults.Effect effect) {
    return switch (effect.kind()) {
      case HANG -> new Passage(true, delay, refusal, answerDelay, lostAnswer);
      case REFUSE -> new Passage(hangs, delay, effect.error(), answerDelay, lostAnswer);
      case DROP_AFTER_COMMIT -> new Passage(hangs, delay, refusal, answerDelay, effect.error());
      case DELAY ->
          new Passage(hangs, delay.plus(effect.delay()), refusal, answerDelay, lostAnswer);
      case DELAY_ANSWER ->
          new Passage(hangs, delay, refusal, answerDelay.plus(effect.delay()), lostAnswer);
    };
  }
}
