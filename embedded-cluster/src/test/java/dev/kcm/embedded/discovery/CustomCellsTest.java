package dev.kcm.embedded.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kcm.embedded.discovery.Tables.IncludeObject;
import dev.kcm.embedded.resource.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomCellsTest {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private static final Kind THING =
      new Kind(
          "example.com",
          "v1",
          "Thing",
          "things",
          "thing",
          List.of(),
          List.of(),
          true,
          List.of("get"),
          List.of(),
          "",
          Set.of());

  private static JsonNode json(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".a.b | 1",
        "['a']['b'] | 1",
        ".list[0].n | x",
        ".list[-1].n | y",
        ".list[*].n | x,y",
        ".list[?(@.n==\"y\")].v | 2",
        ".list[?(@.n=='y')].v | 2",
        ".list[5].n | ''",
        ".none.at.all | ''",
        ".dotted\\.name | d",
        "not a path | ''",
      })
  void findsWhatAPathNames(String path, String found) throws JsonProcessingException {
    JsonNode object = json("{a:{b:1},list:[{n:'x',v:1},{n:'y',v:2}],'dotted.name':'d'}");
    assertThat(
            String.join(
                ",", JsonPath.find(object, path).stream().map(node -> node.asText()).toList()))
        .isEqualTo(found);
  }

  @Test
  void rowsShowTheColumnsOfTheDefinition() throws JsonProcessingException {
    JsonNode columns =
        json(
            "[{name:'Size',type:'integer',jsonPath:'.spec.size'},"
                + "{name:'Ready',type:'string',jsonPath:"
                + "'.status.conditions[?(@.type==\"Ready\")].status',priority:1},"
                + "{name:'Age',type:'date',jsonPath:'.metadata.creationTimestamp'},"
                + "{name:'None',type:'string',jsonPath:'.spec.none',description:'d'}]");
    JsonNode object =
        json(
            "{metadata:{name:'t',creationTimestamp:'2026-01-01T00:00:00Z'},spec:{size:3},"
                + "status:{conditions:[{type:'Ready',status:'True'}]}}");
    JsonNode table =
        Tables.table(
            THING, columns, object, IncludeObject.NONE, Instant.parse("2026-01-01T00:05:00Z"));
    assertThat(table.path("rows").path(0).path("cells").toString())
        .isEqualTo("[\"t\",3,\"True\",\"5m\",null]");
    assertThat(table.path("columnDefinitions").findValuesAsText("name"))
        .containsExactly("Name", "Size", "Ready", "Age", "None");
    assertThat(table.path("columnDefinitions").get(1).path("description").asText())
        .isEqualTo("Custom resource definition column (in JSONPath format): .spec.size");
  }
}
