package dev.kcm.embedded.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The answer to a request that was written byte by byte, as no client library would.
 *
 * @param code HTTP status code, 0 when the connection was cut without an answer
 * @param head status line and headers
 * @param body everything behind the headers
 */
record RawResponse(int code, String head, String body) {

  /**
   * Sends one HTTP/1.1 request as administrator.
   *
   * @param requestLine method and target
   * @param body sent with its length, unless it is empty
   */
  static RawResponse of(HttpTestServer server, String requestLine, String body, String... headers)
      throws IOException {
    StringBuilder request =
        new StringBuilder(requestLine)
            .append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    if (!body.isEmpty()) {
      request.append("Content-Length: ").append(body.getBytes(UTF_8).length).append("\r\n");
    }
    return of(server, request.append("\r\n").append(body).toString().getBytes(UTF_8));
  }

  /** Sends the bytes and reads until the server closes. */
  static RawResponse of(HttpTestServer server, byte[] request) throws IOException {
    return of(server.pki.clientContext(server.pki.admin()), server.uri("/").getPort(), request);
  }

  /** Sends the bytes with the credentials of the context and reads until the server closes. */
  static RawResponse of(SSLContext tls, int port, byte[] request) throws IOException {
    try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      return parse(readAll(socket.getInputStream()));
    }
  }

  private static String readAll(InputStream in) throws IOException {
    return new String(in.readAllBytes(), UTF_8);
  }

  private static RawResponse parse(String text) {
    if (text.isEmpty()) {
      return new RawResponse(0, "", "");
    }
    int end = text.indexOf("\r\n\r\n");
    return new RawResponse(
        Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
  }
}
