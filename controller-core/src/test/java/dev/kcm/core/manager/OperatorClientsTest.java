package dev.kcm.core.manager;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a server sees of an operator. */
class OperatorClientsTest {

  @Test
  @DisplayName("LE-3 the election has a client of its own, which says so")
  void theClientOfTheElectionSaysWhatItIsFor() throws Exception {
    BlockingQueue<String> agents = new LinkedBlockingQueue<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/apis/coordination.k8s.io/",
        exchange -> {
          agents.add(exchange.getRequestHeaders().getFirst("User-Agent"));
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .build();
    Operator operator =
        Operator.named("greetings").config(config).leaderElection("operators").create();
    try {
      operator.start();
      assertThat(agents.poll(20, TimeUnit.SECONDS)).isEqualTo("greetings/leader-election");
    } finally {
      operator.stop().get(20, TimeUnit.SECONDS);
      server.stop(0);
    }
  }
}
