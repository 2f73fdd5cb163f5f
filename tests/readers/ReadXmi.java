import java.io.FileInputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.uima.UIMAFramework;
import org.apache.uima.cas.CAS;
import org.apache.uima.cas.impl.XmiCasDeserializer;
import org.apache.uima.cas.text.AnnotationFS;
import org.apache.uima.resource.metadata.TypeSystemDescription;
import org.apache.uima.util.CasCreationUtils;
import org.apache.uima.util.XMLInputSource;

/**
 * Reads XMI exports with Apache UIMA: for each file a line with its name, then one for each annotation with its type and its
 * covered text, line ends and backslashes escaped. Relations of ours and the annotations of whole texts are left out.
 *
 * usage: ReadXmi TYPESYSTEM FOLDER OUTPUT
 */
public class ReadXmi {
    private static final String OURS = "webanno.custom.Manicule";

    public static void main(String[] arguments) throws Exception {
        TypeSystemDescription types = UIMAFramework.getXMLParser().parseTypeSystemDescription(new XMLInputSource(arguments[0]));
        Path folder = Paths.get(arguments[1]);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(path -> path.toString().endsWith(".xmi")).sorted().collect(Collectors.toList());
        }
        try (Writer out = new OutputStreamWriter(Files.newOutputStream(Paths.get(arguments[2])), StandardCharsets.UTF_8)) {
            CAS cas = CasCreationUtils.createCas(types, null, null);
            for (Path file : files) {
                cas.reset();
                try (FileInputStream in = new FileInputStream(file.toFile())) {
                    XmiCasDeserializer.deserialize(in, cas);
                }
                out.write("file " + folder.relativize(file).toString().replace('\\', '/') + "\n");
                for (AnnotationFS annotation : cas.getAnnotationIndex()) {
                    String type = annotation.getType().getName();
                    boolean isWhole = cas.getTypeSystem().subsumes(
                        cas.getTypeSystem().getType("uima.tcas.DocumentAnnotation"), annotation.getType());
                    if (!isWhole && !type.equals(OURS + "Relation")) {
                        String text = annotation.getCoveredText().replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
                        String name = type.startsWith(OURS) ? type.substring(OURS.length()) : type;
                        out.write(name + " " + text + "\n");
                    }
                }
            }
        }
    }
}
