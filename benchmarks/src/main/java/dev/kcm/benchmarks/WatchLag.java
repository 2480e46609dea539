package dev.kcm.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One watch that reads how old its events are when they arrive, and nothing else of them, so that
 * the reader costs as little as can be. Each pod says in a label when it was sent.
 *
 * <p>Confined to its thread; the samples are read after {@code done}.
 */
final class WatchLag implements Runnable {

  private static final byte[] MARK = "\"sent\":\"".getBytes(US_ASCII);

  private final SSLSocket socket;
  private final CountDownLatch done;
  private final long[] lags;
  private int count;

  private WatchLag(SSLSocket socket, int events, CountDownLatch done) {
    this.socket = socket;
    this.done = done;
    this.lags = new long[events];
  }

  /** Opens a watch of all pods; its answer has begun when this returns. */
  static WatchLag open(URI url, SSLContext tls, int events, CountDownLatch done)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket(url.getHost(), url.getPort());
    String request =
        "GET /api/v1/pods?watch=1&resourceVersion=1 HTTP/1.1\r\nHost: "
            + url.getHost()
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    socket.getOutputStream().flush();
    WatchLag watch = new WatchLag(socket, events, done);
    Thread thread = new Thread(watch, "watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[64 * 1024];
    int matched = 0;
    long sent = -1;
    try (InputStream in = socket.getInputStream()) {
      while (count < lags.length) {
        int read = in.read(buffer);
        if (read < 0) {
          throw new IOException("the watch ended after " + count + " events");
        }
        long now = System.nanoTime();
        for (int i = 0; i < read && count < lags.length; i++) {
          byte b = buffer[i];
          if (sent >= 0 && b >= '0' && b <= '9') {
            sent = sent * 10 + b - '0';
          } else if (sent >= 0 && b == '"') {
            lags[count++] = now - sent;
            sent = -1;
          } else if (sent < 0) {
            matched = b == MARK[matched] ? matched + 1 : b == MARK[0] ? 1 : 0;
            if (matched == MARK.length) {
              sent = 0;
              matched = 0;
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      done.countDown();
    }
  }

  /** How many nanoseconds the events were under way. */
  long[] lags() {
    return Arrays.copyOf(lags, count);
  }
}
