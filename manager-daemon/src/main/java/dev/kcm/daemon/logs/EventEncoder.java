package dev.kcm.daemon.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/**
 * A layout as Logback wants it: a line of text in UTF-8, and no heading.
 *
 * <p><i>Thread-safe if the layout is.</i>
 */
final class EventEncoder extends EncoderBase<ILoggingEvent> {

  private static final byte[] NOTHING = {};

  /** Writes one event with the line break at its end. */
  @FunctionalInterface
  interface LineLayout {
    String line(ILoggingEvent event);
  }

  private final LineLayout layout;

  EventEncoder(LineLayout layout) {
    this.layout = layout;
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING.clone();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return layout.line(event).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING.clone();
  }
}
