package dev.kcm.controllers.node.nodeipam;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CidrLedgerTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(CidrLedger.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
  }

  @Test
  void aRangeThatVeryManyNodesHaveFillsNoLog() {
    CidrLedger ledger =
        CidrLedger.of(
            new NodeIpamConfig(List.of(new ClusterRange("10.0.0.0/16", 24)), List.of()),
            new SimpleMeterRegistry());
    for (int i = 0; i < 1000; i++) {
      ledger.occupy("node-%03d".formatted(i), List.of("10.0.0.0/24"));
    }
    assertThat(logged.list).hasSize(9);
    assertThat(logged.list.get(0).getFormattedMessage())
        .isEqualTo("10.0.0.0/24 is the range of 2 nodes: node-000, node-001");
    assertThat(logged.list.get(8).getFormattedMessage())
        .startsWith("10.0.0.0/24 is the range of 512 nodes: node-000, node-001, ")
        .endsWith(", node-007 and others");
  }
}
