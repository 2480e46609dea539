package dev.kcm.daemon.notify;

import java.io.IOException;
import java.util.List;

/** The way to the service manager. Called by one thread at a time. */
@FunctionalInterface
interface Channel {

  /**
   * Sends one message and waits until it is out.
   *
   * @param assignments lines such as {@code READY=1}
   * @throws IOException with a text that says what went wrong
   */
  void send(List<String> assignments) throws IOException, InterruptedException;
}
