package dev.kcm.embedded.resource;

/**
 * Receives the events of one watch.
 *
 * <p>Calls come one at a time and in order. They come on the thread of the writer that made the
 * change, so an implementation only hands the event over and returns at once.
 */
public interface WatchSink {

  /** The next event. */
  void event(WatchEvent event);

  /** The watch has ended, by time-out, by an ERROR event just sent, or by close. Called once. */
  void closed();
}
