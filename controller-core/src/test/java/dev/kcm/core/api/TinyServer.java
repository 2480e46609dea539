package dev.kcm.core.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP/1.1 server in which a test writes every byte of the answer. Thread-safe. */
final class TinyServer implements AutoCloseable {

  /** One request as it came. */
  record Seen(String method, String path, Map<String, String> headers, String body) {}

  /** Answers a request; closing the output without writing closes the socket. */
  interface Script {
    /** Returns whether the connection stays open for another request. */
    boolean answer(Seen request, OutputStream out) throws IOException, InterruptedException;
  }

  final List<Seen> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ServerSocket listener;
  private final CompletableFuture<Void> accepting;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Script script;

  TinyServer(Script script) throws IOException {
    this.script = script;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.accepting = CompletableFuture.runAsync(this::accept, threads);
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  int connections() {
    return sockets.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean more = true;
      while (more) {
        Seen request = read(in);
        if (request == null) {
          return;
        }
        requests.add(request);
        more = script.answer(request, socket.getOutputStream());
      }
    } catch (IOException gone) {
      // The client closed first, which some tests want.
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private static Seen read(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    String[] parts = first.split(" ", 3);
    return new Seen(parts[0], parts[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** A whole answer. */
  static boolean reply(OutputStream out, int code, String headers, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 " + code + " X\r\nContent-Length: " + bytes.length + "\r\n" + headers + "\r\n";
    out.write(head.getBytes(StandardCharsets.UTF_8));
    out.write(bytes);
    out.flush();
    return true;
  }

  /** The head of an answer in chunks. */
  static void chunkedHead(OutputStream out) throws IOException {
    out.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** One chunk. */
  static void chunk(OutputStream out, byte[] bytes, int from, int to) throws IOException {
    out.write((Integer.toHexString(to - from) + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.write(bytes, from, to - from);
    out.write("\r\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** The end of an answer in chunks. */
  static void lastChunk(OutputStream out) throws IOException {
    out.write("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    // Until accept returns, the port takes connections.
    accepting.join();
    threads.shutdownNow();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
