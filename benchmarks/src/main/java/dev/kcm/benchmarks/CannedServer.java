package dev.kcm.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An API server that answers every list and every watch with bytes made beforehand, so that it
 * costs next to nothing beside the client that is measured.
 *
 * <p>Thread-safe: a thread for each connection; {@code watches} is a concurrent list.
 */
final class CannedServer implements AutoCloseable {

  private static final String WATCH_HEAD =
      """
      HTTP/1.1 200 OK\r
      Content-Type: application/json\r
      Transfer-Encoding: chunked\r
      \r
      """;

  private final OffHeap list;
  private final @Nullable OffHeap streamed;
  private final ServerSocketChannel listener;
  private final List<SocketChannel> watches = new CopyOnWriteArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "server");
            thread.setDaemon(true);
            return thread;
          });

  private CannedServer(OffHeap list, @Nullable OffHeap streamed) throws IOException {
    this.list = list;
    this.streamed = streamed;
    this.listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    threads.execute(this::accept);
  }

  /** A server with this many pods, all at version 1. */
  static CannedServer of(int count, Pods pods) throws IOException {
    return new CannedServer(list(count, pods), null);
  }

  /** The same; it also streams its list, as chunks of a watch. */
  static CannedServer streaming(int count, Pods pods) throws IOException {
    OffHeap stream = new OffHeap();
    for (int i = 0; i < count; i++) {
      stream.addChunk(pods.event("ADDED", i, 1));
    }
    stream.addChunk(Pods.initialEventsEnd(1));
    return new CannedServer(list(count, pods), stream);
  }

  private static OffHeap list(int count, Pods pods) {
    OffHeap body =
        new OffHeap()
            .add(
                "{\"kind\":\"PodList\",\"apiVersion\":\"v1\","
                    + "\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[");
    for (int i = 0; i < count; i++) {
      body.add(i == 0 ? "" : ",").add(pods.inList(i, 1));
    }
    return body.add("]}\n");
  }

  String url() throws IOException {
    return "http://127.0.0.1:" + ((InetSocketAddress) listener.getLocalAddress()).getPort() + "/";
  }

  /** Writes to all open watches; returns when it is written. */
  void send(OffHeap events) throws IOException {
    for (SocketChannel watch : watches) {
      events.writeTo(watch);
    }
  }

  int watches() {
    return watches.size();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        threads.execute(() -> serve(channel));
      }
    } catch (IOException closed) {
      // The measurement is over.
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      ByteBuffer in = ByteBuffer.allocate(1 << 16);
      while (true) {
        in.clear();
        String request = "";
        while (!request.endsWith("\r\n\r\n")) {
          if (channel.read(in) < 0) {
            return;
          }
          request = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        }
        answer(request.substring(0, request.indexOf('\r')), channel);
      }
    } catch (ClosedChannelException over) {
      // The measurement is over.
    } catch (IOException gone) {
      // The client closed first.
    } finally {
      watches.remove(channel);
    }
  }

  private void answer(String request, SocketChannel channel) throws IOException {
    if (!request.contains("watch=")) {
      write(
          channel,
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
              + list.length()
              + "\r\n\r\n");
      list.writeTo(channel);
    } else if (!request.contains("sendInitialEvents=true")) {
      write(channel, WATCH_HEAD);
      watches.add(channel);
    } else if (streamed != null) {
      write(channel, WATCH_HEAD);
      streamed.writeTo(channel);
      watches.add(channel);
    } else {
      write(channel, "HTTP/1.1 422 Unprocessable Entity\r\nContent-Length: 0\r\n\r\n");
    }
  }

  private static void write(SocketChannel channel, String head) throws IOException {
    channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SocketChannel watch : watches) {
      watch.close();
    }
    threads.shutdownNow();
  }
}
