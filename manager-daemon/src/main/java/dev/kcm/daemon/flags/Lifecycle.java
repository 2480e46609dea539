package dev.kcm.daemon.flags;

import java.util.Optional;
import java.util.function.Function;

/** Whether a flag is offered, and what its use is answered with. */
public sealed interface Lifecycle {

  /** Tells whether the help lists the flag. */
  boolean isListed();

  /** Tells whether the value is read; otherwise any text is accepted and the default stays. */
  boolean isRead();

  /** Returns the one warning for a use of the flag, if there is one. */
  Optional<String> warning(String name, String text);

  /** A flag like any other. */
  record Current() implements Lifecycle {
    @Override
    public boolean isListed() {
      return true;
    }

    @Override
    public boolean isRead() {
      return true;
    }

    @Override
    public Optional<String> warning(String name, String text) {
      return Optional.empty();
    }
  }

  /**
   * A flag that upstream still accepts and no longer lists.
   *
   * @param advice what to do instead
   */
  record Discouraged(String advice) implements Lifecycle {
    @Override
    public boolean isListed() {
      return false;
    }

    @Override
    public boolean isRead() {
      return true;
    }

    @Override
    public Optional<String> warning(String name, String text) {
      return Optional.of("Flag --" + name + " has been deprecated, " + advice);
    }
  }

  /**
   * A flag that upstream refuses since some release and that is still understood here.
   *
   * @param release the first release without it, as {@code 1.24}
   * @param isRead whether the value is used
   * @param advice turns the given text into what happens and what to use instead
   */
  record Removed(String release, boolean isRead, Function<String, String> advice)
      implements Lifecycle {
    @Override
    public boolean isListed() {
      return false;
    }

    @Override
    public Optional<String> warning(String name, String text) {
      String effect = isRead ? "still honoured" : "ignored";
      return Optional.of(
          "Flag --%s was removed in %s and is %s: %s"
              .formatted(name, release, effect, advice.apply(text)));
    }
  }
}
