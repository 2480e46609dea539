package dev.kcm.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.undertow.Undertow;
import io.undertow.util.SameThreadExecutor;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChunkedWatchTest {

  @Test
  void endOfAWatchAfterItsThreadHasEndedHarmsNobody() throws Exception {
    WatchQueue queue = new WatchQueue(10);
    Undertow server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setHandler(
                exchange ->
                    exchange.dispatch(
                        SameThreadExecutor.INSTANCE,
                        () -> ChunkedWatch.start(exchange, queue, event -> event.json(), () -> {})))
            .build();
    server.start();
    int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(20_000);
      client
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream answer = client.getInputStream();
      assertThat(answer.read()).as("the answer has begun").isEqualTo('H');
      var worker = server.getWorker();
      server.stop();
      assertThat(worker.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

      assertThatCode(queue::closed).doesNotThrowAnyException();
    }
  }
}
