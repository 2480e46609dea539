package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The events of one watch, in their order.
 *
 * <p>Thread-safe: the client's thread adds, the test's takes.
 */
final class EventStream implements AutoCloseable {

  private static final String END = "the end";
  private static final int PATIENCE_SECONDS = 20;

  private final String request;
  private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

  /** Set once by the thread that opened the watch. */
  private volatile Runnable cancel = () -> {};

  EventStream(String request) {
    this.request = request;
  }

  void add(String frame) {
    if (!frame.isEmpty()) {
      frames.add(frame);
    }
  }

  void end() {
    frames.add(END);
  }

  void onClose(Runnable action) {
    cancel = action;
  }

  private String take() {
    try {
      String frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(frame).as("%s: no event within %d s", request, PATIENCE_SECONDS).isNotNull();
      return String.valueOf(frame);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(request + ": interrupted", e);
    }
  }

  /** The next event; fails at the end of the stream. */
  JsonNode next() {
    String frame = take();
    assertThat(frame).as("%s: the stream ended", request).isNotEqualTo(END);
    return Json.read(frame);
  }

  /** The next event that is no bookmark. */
  JsonNode nextChange() {
    return next(event -> !event.path("type").asText().equals("BOOKMARK"));
  }

  /** The next event that fits; the others are dropped. */
  JsonNode next(Predicate<JsonNode> fits) {
    JsonNode event = next();
    while (!fits.test(event)) {
      event = next();
    }
    return event;
  }

  /** Type and name of the next events that are no bookmarks, for example {@code ADDED a}. */
  List<String> changes(int count) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JsonNode event = nextChange();
      seen.add(event.path("type").asText() + " " + event.at("/object/metadata/name").asText());
    }
    return seen;
  }

  /** Everything up to the end of the stream. */
  List<JsonNode> rest() {
    List<JsonNode> events = new ArrayList<>();
    for (String frame = take(); !frame.equals(END); frame = take()) {
      events.add(Json.read(frame));
    }
    return events;
  }

  @Override
  public void close() {
    cancel.run();
  }
}
