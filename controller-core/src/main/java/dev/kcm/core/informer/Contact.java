package dev.kcm.core.informer;

import dev.kcm.core.time.Ticker;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a reflector stands with the server.
 *
 * <p>All fields are read by anyone. They are written on the informer's mailbox, except {@code
 * seen}, which one stream at a time writes on its own thread.
 */
final class Contact {

  private static final long NEVER = Long.MIN_VALUE;

  private final Ticker ticker;
  private volatile Supplier<String> state = () -> "NOT_STARTED";
  private volatile boolean blocked;
  private volatile String seen = "";
  private volatile long last;
  private volatile long event = NEVER;
  private volatile long bookmark = NEVER;
  private volatile long opened = NEVER;
  private volatile int failures;

  Contact(Ticker ticker) {
    this.ticker = ticker;
    this.last = ticker.nanos();
  }

  // ---- what happens

  /** Something came from the server. */
  void heard() {
    last = ticker.nanos();
  }

  void event() {
    heard();
    event = last;
  }

  void bookmark() {
    heard();
    bookmark = last;
  }

  /** A watch is open, and what failed before is over. */
  void opened() {
    heard();
    opened = last;
    failures = 0;
  }

  void notOpen() {
    opened = NEVER;
  }

  /** A list is complete. */
  void listed(String version) {
    heard();
    seen = version;
    failures = 0;
  }

  void failed() {
    int before = failures;
    failures = before + 1;
  }

  /** A version came over the wire. */
  void seen(String version) {
    if (!version.isEmpty() && !ResourceVersions.isOlder(version, seen)) {
      seen = version;
    }
  }

  /** What is being done; a block stays until it is over. */
  void state(Supplier<String> text) {
    if (!blocked) {
      state = text;
    }
  }

  /** What keeps the reflector out; null when nothing does any more. */
  void blocked(@Nullable String why) {
    blocked = why != null;
    if (why != null) {
      state = () -> "BLOCKED (" + why + ")";
    }
  }

  /** The last word. */
  void ended() {
    blocked = false;
    state = () -> "STOPPED";
    notOpen();
  }

  // ---- for others to see

  boolean isBlocked() {
    return blocked;
  }

  String state() {
    return state.get();
  }

  Duration since() {
    return ticker.since(last);
  }

  InformerStatus status(String storeVersion) {
    return new InformerStatus(
        state(), storeVersion, seen, since(), age(event), age(bookmark), age(opened), failures);
  }

  private @Nullable Duration age(long at) {
    return at == NEVER ? null : ticker.since(at);
  }
}
