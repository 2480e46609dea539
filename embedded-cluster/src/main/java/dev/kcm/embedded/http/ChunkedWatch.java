package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.WatchEvent;
import io.undertow.server.HttpServerExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/**
 * Writes a watch as the body of one long answer, one line per event, as many in one write as wait,
 * and flushes whenever nothing more waits.
 *
 * <p>Confined to the I/O thread of the connection, apart from {@code wake}, which any thread calls.
 */
final class ChunkedWatch {

  private static final Logger LOG = LoggerFactory.getLogger(ChunkedWatch.class);

  /** What goes out in one write at most, unless a single event is longer: a TLS record. */
  private static final int BATCH_BYTES = 16 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final HttpServerExchange exchange;
  private final WatchQueue queue;
  private final FrameWriter frames;
  private final Runnable stop;
  private final StreamSinkChannel channel;

  /** Set by any thread, cleared by the I/O thread: a turn is already on its way. */
  private final AtomicBoolean awake = new AtomicBoolean();

  private ByteBuffer pending = NOTHING;
  private boolean over;

  private ChunkedWatch(
      HttpServerExchange exchange, WatchQueue queue, FrameWriter frames, Runnable stop) {
    this.exchange = exchange;
    this.queue = queue;
    this.frames = frames;
    this.stop = stop;
    this.channel = exchange.getResponseChannel();
  }

  /**
   * Begins to write; called on the I/O thread of the exchange, whose answer must not have begun.
   *
   * @param stop run once when the connection is gone or everything is written
   */
  static void start(
      HttpServerExchange exchange, WatchQueue queue, FrameWriter frames, Runnable stop) {
    ChunkedWatch watch = new ChunkedWatch(exchange, queue, frames, stop);
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          watch.finish();
          next.proceed();
        });
    watch.channel.getWriteSetter().set(ready -> watch.turn());
    queue.onNews(watch::wake);
  }

  private void wake() {
    if (awake.compareAndSet(false, true)) {
      try {
        exchange.getIoThread().execute(this::turn);
      } catch (RejectedExecutionException threadEnds) {
        // The server stops, and the connection ends with its thread.
        LOG.debug("A watch ends with the server: {}", threadEnds.getMessage());
      }
    }
  }

  private void turn() {
    awake.set(false);
    if (over) {
      return;
    }
    try {
      if (!writeAll() || !channel.flush()) {
        channel.resumeWrites();
        return;
      }
      channel.suspendWrites();
      if (queue.isFinished()) {
        finish();
        exchange.endExchange();
      }
    } catch (IOException e) {
      LOG.debug("A watcher is gone: {}", e.getMessage());
      finish();
      IoUtils.safeClose(exchange.getConnection());
    } catch (RuntimeException e) {
      LOG.error("A watch ends because an event cannot be written", e);
      finish();
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  /** Writes what waits; false when the connection takes no more for now. */
  private boolean writeAll() throws IOException {
    while (true) {
      if (!pending.hasRemaining()) {
        pending = nextBatch();
      }
      if (!pending.hasRemaining()) {
        return true;
      }
      while (pending.hasRemaining()) {
        if (channel.write(pending) == 0) {
          return false;
        }
      }
    }
  }

  /** The lines that wait, empty when there are none. */
  private ByteBuffer nextBatch() {
    WatchEvent first = queue.poll();
    if (first == null) {
      return NOTHING;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    WatchEvent event = first;
    while (event != null) {
      lines.writeBytes(frames.frame(event));
      lines.write('\n');
      event = lines.size() < BATCH_BYTES ? queue.poll() : null;
    }
    return ByteBuffer.wrap(lines.toByteArray());
  }

  private void finish() {
    if (!over) {
      over = true;
      stop.run();
    }
  }
}
