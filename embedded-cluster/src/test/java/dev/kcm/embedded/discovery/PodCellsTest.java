package dev.kcm.embedded.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PodCellsTest {

  private static final JsonMapper RELAXED =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();
  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

  @ParameterizedTest(name = "{0} {1} {2}: {3} {4} {5}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                               | {containers:[{}]} | {phase:'Pending'} | 0/1 | Pending | 0
          {}                               | {containers:[{}]} | {phase:'Failed',reason:'Evicted'} | 0/1 | Evicted | 0
          {}                               | {containers:[{}]} | {phase:'Pending',conditions:[{type:'PodScheduled',reason:'SchedulingGated'}]} | 0/1 | SchedulingGated | 0
          {}                               | {containers:[{},{}]} | {phase:'Running',containerStatuses:[{ready:true,state:{running:{}}},{state:{waiting:{reason:'CrashLoopBackOff'}},restartCount:3}]} | 1/2 | CrashLoopBackOff | 3
          {}                               | {containers:[{}]} | {phase:'Running',containerStatuses:[{ready:true,restartCount:2,state:{running:{}},lastState:{terminated:{finishedAt:'2026-01-01T00:08:30Z'}}}]} | 1/1 | Running | 2 (90s ago)
          {}                               | {containers:[{}]} | {phase:'Failed',containerStatuses:[{state:{terminated:{exitCode:3}}}]} | 0/1 | ExitCode:3 | 0
          {}                               | {containers:[{}]} | {phase:'Failed',containerStatuses:[{state:{terminated:{exitCode:137,signal:9}}}]} | 0/1 | Signal:9 | 0
          {}                               | {containers:[{}]} | {phase:'Succeeded',containerStatuses:[{state:{terminated:{reason:'Completed'}}}]} | 0/1 | Completed | 0
          {}                               | {containers:[{},{}]} | {phase:'Running',conditions:[{type:'Ready',status:'True'}],containerStatuses:[{state:{terminated:{reason:'Completed'}}},{ready:true,state:{running:{}}}]} | 1/2 | Running | 0
          {}                               | {containers:[{},{}]} | {phase:'Running',containerStatuses:[{state:{terminated:{reason:'Completed'}}},{ready:true,state:{running:{}}}]} | 1/2 | NotReady | 0
          {}                               | {containers:[{}],initContainers:[{name:'a'},{name:'b'}]} | {phase:'Pending',initContainerStatuses:[{name:'a',state:{terminated:{exitCode:0}}},{name:'b',state:{running:{}}}]} | 0/1 | Init:1/2 | 0
          {}                               | {containers:[{}],initContainers:[{name:'a'}]} | {phase:'Pending',initContainerStatuses:[{name:'a',state:{waiting:{reason:'PodInitializing'}}}]} | 0/1 | Init:0/1 | 0
          {}                               | {containers:[{}],initContainers:[{name:'a'}]} | {phase:'Pending',initContainerStatuses:[{name:'a',restartCount:4,state:{waiting:{reason:'CrashLoopBackOff'}}}]} | 0/1 | Init:CrashLoopBackOff | 4
          {}                               | {containers:[{}],initContainers:[{name:'a'}]} | {phase:'Pending',initContainerStatuses:[{name:'a',state:{terminated:{exitCode:2}}}]} | 0/1 | Init:ExitCode:2 | 0
          {}                               | {containers:[{}],initContainers:[{name:'a'}]} | {phase:'Pending',initContainerStatuses:[{name:'a',state:{terminated:{exitCode:2,signal:6}}}]} | 0/1 | Init:Signal:6 | 0
          {}                               | {containers:[{}],initContainers:[{name:'a'}]} | {phase:'Pending',initContainerStatuses:[{name:'a',state:{terminated:{exitCode:2,reason:'Error'}}}]} | 0/1 | Init:Error | 0
          {}                               | {containers:[{}],initContainers:[{name:'a'}]} | {phase:'Running',initContainerStatuses:[{name:'a',restartCount:4,state:{terminated:{exitCode:0}}}],containerStatuses:[{ready:true,restartCount:1,state:{running:{}}}]} | 1/1 | Running | 1
          {}                               | {containers:[{}],initContainers:[{name:'s',restartPolicy:'Always'}]} | {phase:'Running',initContainerStatuses:[{name:'s',started:true,ready:true,restartCount:2,state:{running:{}}}],containerStatuses:[{ready:true,state:{running:{}}}]} | 2/2 | Running | 2
          {deletionTimestamp:'2026-01-01T00:00:00Z'} | {containers:[{}]} | {phase:'Running',containerStatuses:[{ready:true,state:{running:{}}}]} | 1/1 | Terminating | 0
          {deletionTimestamp:'2026-01-01T00:00:00Z'} | {containers:[{}]} | {phase:'Running',reason:'NodeLost'} | 0/1 | Unknown | 0
          {deletionTimestamp:'2026-01-01T00:00:00Z'} | {containers:[{}]} | {phase:'Succeeded'} | 0/1 | Succeeded | 0
          """)
  void summarizesTheContainers(
      String metadata, String spec, String status, String ready, String reason, String restarts)
      throws JsonProcessingException {
    JsonNode cells = cells("{metadata:" + metadata + ",spec:" + spec + ",status:" + status + "}");
    assertThat(cells.get(1).asText()).isEqualTo(ready);
    assertThat(cells.get(2).asText()).isEqualTo(reason);
    assertThat(cells.get(3).asText()).isEqualTo(restarts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                        | {}                                       | <none> <none> <none> <none>
          {nodeName:'n'}                                            | {podIP:'10.0.0.1',nominatedNodeName:'m'} | 10.0.0.1 n m <none>
          {readinessGates:[{conditionType:'a'},{conditionType:'b'}]}| {podIPs:[{ip:'::1'}],conditions:[{type:'a',status:'True'},{type:'b',status:'False'}]} | ::1 <none> <none> 1/2
          """)
  void showsPlacementInWideColumns(String spec, String status, String wide)
      throws JsonProcessingException {
    JsonNode cells = cells("{metadata:{},spec:" + spec + ",status:" + status + "}");
    assertThat(cells).hasSize(9);
    assertThat(
            String.join(
                " ",
                cells.get(5).asText(),
                cells.get(6).asText(),
                cells.get(7).asText(),
                cells.get(8).asText()))
        .isEqualTo(wide);
  }

  private static ArrayNode cells(String pod) throws JsonProcessingException {
    ArrayNode cells = JsonNodeFactory.instance.arrayNode();
    PodCells.fill(RELAXED.readTree(pod), new Row(cells, NOW));
    return cells;
  }
}
