package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.WatchEvent;
import io.undertow.server.HttpHandler;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/**
 * Writes a watch as WebSocket text messages, one event each.
 *
 * <p>Confined to the I/O thread of the connection, apart from {@code wake} and the callback, which
 * any thread calls.
 */
final class WebSocketWatch implements WebSocketCallback<Void> {

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketWatch.class);

  private final WebSocketChannel channel;
  private final WatchQueue queue;
  private final FrameWriter frames;
  private final Runnable stop;

  /** Set by any thread, cleared by the I/O thread: a turn is already on its way. */
  private final AtomicBoolean awake = new AtomicBoolean();

  private volatile boolean sending;
  private boolean over;

  private WebSocketWatch(
      WebSocketChannel channel, WatchQueue queue, FrameWriter frames, Runnable stop) {
    this.channel = channel;
    this.queue = queue;
    this.frames = frames;
    this.stop = stop;
  }

  /**
   * The handler that takes the upgrade and then writes.
   *
   * @param stop run once when the connection is gone or everything is written
   * @param refuse answers when the upgrade request is not a WebSocket handshake
   */
  static HttpHandler handler(
      WatchQueue queue, FrameWriter frames, Runnable stop, HttpHandler refuse) {
    WebSocketConnectionCallback connected =
        (exchange, channel) -> {
          WebSocketWatch watch = new WebSocketWatch(channel, queue, frames, stop);
          channel.addCloseTask(closed -> watch.finish());
          // Answers pings and takes the client's close; clients send nothing else.
          channel.getReceiveSetter().set(new AbstractReceiveListener() {});
          channel.resumeReceives();
          queue.onNews(watch::wake);
        };
    return new WebSocketProtocolHandshakeHandler(connected, refuse);
  }

  private void wake() {
    if (awake.compareAndSet(false, true)) {
      try {
        channel.getIoThread().execute(this::turn);
      } catch (RejectedExecutionException threadEnds) {
        // The server stops, and the connection ends with its thread.
        LOG.debug("A watch ends with the server: {}", threadEnds.getMessage());
      }
    }
  }

  private void turn() {
    awake.set(false);
    if (over || sending) {
      return;
    }
    WatchEvent event = queue.poll();
    if (event != null) {
      send(event);
    } else if (queue.isFinished()) {
      finish();
      WebSockets.sendClose(CloseMessage.NORMAL_CLOSURE, "", channel, null);
    }
  }

  private void send(WatchEvent event) {
    byte[] frame;
    try {
      frame = frames.frame(event);
    } catch (RuntimeException e) {
      LOG.error("A watch ends because an event cannot be written", e);
      IoUtils.safeClose(channel);
      return;
    }
    sending = true;
    WebSockets.sendText(ByteBuffer.wrap(frame), channel, this);
  }

  @Override
  public void complete(WebSocketChannel written, Void context) {
    sending = false;
    wake();
  }

  @Override
  public void onError(WebSocketChannel failed, Void context, Throwable error) {
    LOG.debug("A watcher is gone: {}", error.getMessage());
    IoUtils.safeClose(failed);
  }

  private void finish() {
    if (!over) {
      over = true;
      stop.run();
    }
  }
}
