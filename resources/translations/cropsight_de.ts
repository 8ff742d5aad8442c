<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>AboutPage</name>
  <message>
   <source>About Cropsight</source>
   <translation>Über Cropsight</translation>
  </message>
  <message>
   <source>Parts of the program</source>
   <translation>Bestandteile des Programms</translation>
  </message>
  <message>
   <source>Licence</source>
   <translation>Lizenz</translation>
  </message>
  <message>
   <source>Copy system details</source>
   <translation>Systemangaben kopieren</translation>
  </message>
  <message>
   <source>Versions, system and device, for a report</source>
   <translation>Versionen, System und Gerät, für eine Fehlermeldung</translation>
  </message>
  <message>
   <source>Show log</source>
   <translation>Protokoll zeigen</translation>
  </message>
  <message>
   <source>Show the folder of the log file</source>
   <translation>Den Ordner der Protokolldatei zeigen</translation>
  </message>
  <message>
   <source>Licences are read from what is installed here.</source>
   <translation>Die Lizenzen stammen von dem, was hier installiert ist.</translation>
  </message>
  <message>
   <source>Finds crops; never changes an original. Apache-2.0.</source>
   <translation>Findet Ausschnitte und verändert nie ein Original. Apache-2.0.</translation>
  </message>
  <message>
   <source>Licence of {0}</source>
   <translation>Lizenz von {0}</translation>
  </message>
  <message>
   <source>Copied</source>
   <translation>Kopiert</translation>
  </message>
 </context>
 <context>
  <name>AcceptedExporter</name>
  <message>
   <source>Accepted crops are still being written. Close again to stop.</source>
   <translation>Angenommene Ausschnitte werden noch geschrieben. Erneut schließen, um abzubrechen.</translation>
  </message>
  <message>
   <source>Writing {0} of {1} accepted crops</source>
   <translation>Angenommener Ausschnitt {0} von {1} wird geschrieben</translation>
  </message>
  <message>
   <source>{0} accepted crops written to {1}</source>
   <translation>{0} angenommene Ausschnitte nach {1} geschrieben</translation>
  </message>
  <message>
   <source>Written {0} to {1}</source>
   <translation>{0} nach {1} geschrieben</translation>
  </message>
  <message>
   <source>The rest was cancelled.</source>
   <translation>Der Rest wurde abgebrochen.</translation>
  </message>
  <message>
   <source>Show</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <source>Other editors …</source>
   <translation>Andere Programme …</translation>
  </message>
  <message>
   <source>Write these crops for Lightroom, darktable, RawTherapee</source>
   <translation>Diese Ausschnitte für Lightroom, darktable, RawTherapee schreiben</translation>
  </message>
  <message>
   <source>Cancelled; nothing was written.</source>
   <translation>Abgebrochen; nichts wurde geschrieben.</translation>
  </message>
 </context>
 <context>
  <name>Actions</name>
  <message>
   <source>Open …</source>
   <translation>Öffnen …</translation>
  </message>
  <message>
   <source>Open folder …</source>
   <translation>Ordner öffnen …</translation>
  </message>
  <message>
   <source>All photos of a folder and of the folders in it</source>
   <translation>Alle Fotos eines Ordners und der Ordner darin</translation>
  </message>
  <message>
   <source>Open sample photos</source>
   <translation>Beispielfotos öffnen</translation>
  </message>
  <message>
   <source>Close photo</source>
   <translation>Foto schließen</translation>
  </message>
  <message>
   <source>Export</source>
   <translation>Exportieren</translation>
  </message>
  <message>
   <source>Export with options …</source>
   <translation>Mit Optionen exportieren …</translation>
  </message>
  <message>
   <source>Export all candidates</source>
   <translation>Alle Vorschläge exportieren</translation>
  </message>
  <message>
   <source>Export with the nested crops</source>
   <translation>Mit den inneren Ausschnitten exportieren</translation>
  </message>
  <message>
   <source>This crop, and from it those of the ratios under Also for</source>
   <translation>Diesen Ausschnitt und daraus die der Verhältnisse unter „Auch für“</translation>
  </message>
  <message>
   <source>Export all photos</source>
   <translation>Alle Fotos exportieren</translation>
  </message>
  <message>
   <source>Crops for other editors …</source>
   <translation>Ausschnitte für andere Programme …</translation>
  </message>
  <message>
   <source>Write crops for Lightroom, darktable or RawTherapee</source>
   <translation>Ausschnitte für Lightroom, darktable oder RawTherapee schreiben</translation>
  </message>
  <message>
   <source>Batch …</source>
   <translation>Stapel …</translation>
  </message>
  <message>
   <source>Show export folder</source>
   <translation>Exportordner zeigen</translation>
  </message>
  <message>
   <source>Show photo in the file manager</source>
   <translation>Foto in der Dateiverwaltung zeigen</translation>
  </message>
  <message>
   <source>Open in another program</source>
   <translation>In anderem Programm öffnen</translation>
  </message>
  <message>
   <source>Open in a program of your choice …</source>
   <translation>In einem Programm nach Wahl öffnen …</translation>
  </message>
  <message>
   <source>It opens photos from then on</source>
   <translation>Es öffnet von da an die Fotos</translation>
  </message>
  <message>
   <source>Quit</source>
   <translation>Beenden</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>Wiederholen</translation>
  </message>
  <message>
   <source>Whole photo</source>
   <translation>Ganzes Foto</translation>
  </message>
  <message>
   <source>Swap width and height</source>
   <translation>Breite und Höhe tauschen</translation>
  </message>
  <message>
   <source>Lock ratio</source>
   <translation>Verhältnis sperren</translation>
  </message>
  <message>
   <source>Free ratio</source>
   <translation>Freies Verhältnis</translation>
  </message>
  <message>
   <source>Circle</source>
   <translation>Kreis</translation>
  </message>
  <message>
   <source>Original ratio</source>
   <translation>Verhältnis des Fotos</translation>
  </message>
  <message>
   <source>Type a ratio</source>
   <translation>Verhältnis eintippen</translation>
  </message>
  <message>
   <source>Also for other ratios</source>
   <translation>Auch für andere Verhältnisse</translation>
  </message>
  <message>
   <source>Ratios that are to be cut from this crop later</source>
   <translation>Verhältnisse, die später aus diesem Ausschnitt geschnitten werden</translation>
  </message>
  <message>
   <source>Next candidate</source>
   <translation>Nächster Vorschlag</translation>
  </message>
  <message>
   <source>Previous candidate</source>
   <translation>Voriger Vorschlag</translation>
  </message>
  <message>
   <source>New crop</source>
   <translation>Neuer Ausschnitt</translation>
  </message>
  <message>
   <source>Keep this crop and begin another</source>
   <translation>Diesen Ausschnitt behalten und einen weiteren beginnen</translation>
  </message>
  <message>
   <source>Next crop of this photo</source>
   <translation>Nächster Ausschnitt dieses Fotos</translation>
  </message>
  <message>
   <source>Remove crop</source>
   <translation>Ausschnitt entfernen</translation>
  </message>
  <message>
   <source>Copy crop</source>
   <translation>Ausschnitt kopieren</translation>
  </message>
  <message>
   <source>Copy the crop in hand with its settings</source>
   <translation>Diesen Ausschnitt mit seinen Einstellungen kopieren</translation>
  </message>
  <message>
   <source>Copy crop as a picture</source>
   <translation>Ausschnitt als Bild kopieren</translation>
  </message>
  <message>
   <source>The crop's pixels, for another program</source>
   <translation>Die Pixel des Ausschnitts, für ein anderes Programm</translation>
  </message>
  <message>
   <source>Paste crop</source>
   <translation>Ausschnitt einfügen</translation>
  </message>
  <message>
   <source>On the selected photos: same ratio, same relative place</source>
   <translation>Bei den ausgewählten Fotos: gleiches Verhältnis, gleiche Stelle</translation>
  </message>
  <message>
   <source>Paste crop by the subject</source>
   <translation>Ausschnitt nach dem Motiv einfügen</translation>
  </message>
  <message>
   <source>On the selected photos: heads as high and as large, objects with the same margins</source>
   <translation>Auf die ausgewählten Fotos: Köpfe gleich hoch und gleich groß, Gegenstände mit gleichen Rändern</translation>
  </message>
  <message>
   <source>Paste crop by numbers</source>
   <translation>Ausschnitt aus Zahlen einfügen</translation>
  </message>
  <message>
   <source>x, y, width and height in pixels, or JSON of cropcore crop, from the clipboard</source>
   <translation>x, y, Breite und Höhe in Pixeln, oder JSON von cropcore crop, aus der Zwischenablage</translation>
  </message>
  <message>
   <source>Paste settings</source>
   <translation>Einstellungen einfügen</translation>
  </message>
  <message>
   <source>On the selected photos: aspect, method and tightness</source>
   <translation>Bei den ausgewählten Fotos: Verhältnis, Verfahren und Enge</translation>
  </message>
  <message>
   <source>Same ratio, best crop for each</source>
   <translation>Gleiches Verhältnis, bester Ausschnitt für jedes</translation>
  </message>
  <message>
   <source>On the selected photos: the best crop of each in the ratio of this one</source>
   <translation>Bei den ausgewählten Fotos: der beste Ausschnitt jedes einzelnen im Verhältnis von diesem</translation>
  </message>
  <message>
   <source>Correct heads</source>
   <translation>Köpfe berichtigen</translation>
  </message>
  <message>
   <source>Click a wrong head to dismiss it, drag over a missed one</source>
   <translation>Auf einen falschen Kopf klicken, um ihn zu verwerfen, über einen übersehenen ziehen</translation>
  </message>
  <message>
   <source>Preferences …</source>
   <translation>Einstellungen …</translation>
  </message>
  <message>
   <source>Accept and go on</source>
   <translation>Annehmen und weiter</translation>
  </message>
  <message>
   <source>Next photo</source>
   <translation>Nächstes Foto</translation>
  </message>
  <message>
   <source>Previous photo</source>
   <translation>Voriges Foto</translation>
  </message>
  <message>
   <source>First photo</source>
   <translation>Erstes Foto</translation>
  </message>
  <message>
   <source>Last photo</source>
   <translation>Letztes Foto</translation>
  </message>
  <message>
   <source>Next undecided photo</source>
   <translation>Nächstes offenes Foto</translation>
  </message>
  <message>
   <source>Select all photos</source>
   <translation>Alle Fotos auswählen</translation>
  </message>
  <message>
   <source>Star</source>
   <translation>Stern</translation>
  </message>
  <message>
   <source>Accept the selected photos</source>
   <translation>Ausgewählte Fotos annehmen</translation>
  </message>
  <message>
   <source>The crops that are proposed for them become your own</source>
   <translation>Ihre vorgeschlagenen Ausschnitte werden zu eigenen</translation>
  </message>
  <message>
   <source>Reject</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <source>Unfold or fold the stack</source>
   <translation>Stapel auf- oder zuklappen</translation>
  </message>
  <message>
   <source>Crop the stack alike</source>
   <translation>Stapel gleich zuschneiden</translation>
  </message>
  <message>
   <source>The crop of this photo follows its subject through the burst</source>
   <translation>Der Ausschnitt dieses Fotos folgt seinem Motiv durch die Serie</translation>
  </message>
  <message>
   <source>Back to review</source>
   <translation>Zurück zur Durchsicht</translation>
  </message>
  <message>
   <source>Straighten</source>
   <translation>Gerade richten</translation>
  </message>
  <message>
   <source>Straighten: draw a line, drag the slider, or take the angle of the photo's own lines</source>
   <translation>Gerade richten: eine Linie ziehen, den Regler schieben oder den Winkel der Linien im Foto nehmen</translation>
  </message>
  <message>
   <source>Level the selection</source>
   <translation>Auswahl waagerecht stellen</translation>
  </message>
  <message>
   <source>Straighten every selected photo by its own lines</source>
   <translation>Jedes ausgewählte Foto nach seinen eigenen Linien begradigen</translation>
  </message>
  <message>
   <source>Turn left</source>
   <translation>Nach links drehen</translation>
  </message>
  <message>
   <source>Turn right</source>
   <translation>Nach rechts drehen</translation>
  </message>
  <message>
   <source>Flip horizontally</source>
   <translation>Waagrecht spiegeln</translation>
  </message>
  <message>
   <source>Flip vertically</source>
   <translation>Senkrecht spiegeln</translation>
  </message>
  <message>
   <source>Contact sheet</source>
   <translation>Kontaktbogen</translation>
  </message>
  <message>
   <source>All photos in a grid, with their crops</source>
   <translation>Alle Fotos als Raster, mit ihren Ausschnitten</translation>
  </message>
  <message>
   <source>Stack bursts</source>
   <translation>Serien stapeln</translation>
  </message>
  <message>
   <source>Frames taken within seconds that look alike become one stack</source>
   <translation>Ähnliche Bilder, die binnen Sekunden entstanden, werden ein Stapel</translation>
  </message>
  <message>
   <source>Find a photo by its name</source>
   <translation>Foto nach Namen suchen</translation>
  </message>
  <message>
   <source>Fit</source>
   <translation>Einpassen</translation>
  </message>
  <message>
   <source>100 %</source>
   <translation>100 %</translation>
  </message>
  <message>
   <source>Zoom to the crop</source>
   <translation>Auf den Ausschnitt zoomen</translation>
  </message>
  <message>
   <source>Fit or 100 %</source>
   <translation>Einpassen oder 100 %</translation>
  </message>
  <message>
   <source>Zoom in</source>
   <translation>Vergrößern</translation>
  </message>
  <message>
   <source>Zoom out</source>
   <translation>Verkleinern</translation>
  </message>
  <message>
   <source>Before</source>
   <translation>Vorher</translation>
  </message>
  <message>
   <source>The photo as it was (hold B)</source>
   <translation>Das Foto, wie es war (B halten)</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Ergebnis</translation>
  </message>
  <message>
   <source>Masked</source>
   <translation>Maske</translation>
  </message>
  <message>
   <source>The photo, dark where a crop of this ratio should not lie</source>
   <translation>Das Foto, dunkel wo ein Ausschnitt dieses Verhältnisses nicht liegen soll</translation>
  </message>
  <message>
   <source>Candidates</source>
   <translation>Vorschläge</translation>
  </message>
  <message>
   <source>Heads</source>
   <translation>Köpfe</translation>
  </message>
  <message>
   <source>Outline the heads that were found</source>
   <translation>Die gefundenen Köpfe umranden</translation>
  </message>
  <message>
   <source>Next map</source>
   <translation>Nächste Karte</translation>
  </message>
  <message>
   <source>Next guide</source>
   <translation>Nächste Hilfslinie</translation>
  </message>
  <message>
   <source>Turn guide</source>
   <translation>Hilfslinie drehen</translation>
  </message>
  <message>
   <source>Full screen</source>
   <translation>Vollbild</translation>
  </message>
  <message>
   <source>Lights out</source>
   <translation>Licht aus</translation>
  </message>
  <message>
   <source>Darken all but the crop; again: black; again, or Esc: as it was</source>
   <translation>Alles außer dem Ausschnitt abdunkeln; noch einmal: schwarz; noch einmal oder Esc: wie zuvor</translation>
  </message>
  <message>
   <source>Close all notices</source>
   <translation>Alle Meldungen schließen</translation>
  </message>
  <message>
   <source>Compare methods</source>
   <translation>Verfahren vergleichen</translation>
  </message>
  <message>
   <source>The best crop of each method, side by side</source>
   <translation>Der beste Ausschnitt jedes Verfahrens, nebeneinander</translation>
  </message>
  <message>
   <source>Why this crop</source>
   <translation>Warum dieser Ausschnitt</translation>
  </message>
  <message>
   <source>What speaks for the crop in hand</source>
   <translation>Was für diesen Ausschnitt spricht</translation>
  </message>
  <message>
   <source>Keys</source>
   <translation>Tasten</translation>
  </message>
  <message>
   <source>About the methods</source>
   <translation>Über die Verfahren</translation>
  </message>
  <message>
   <source>About Cropsight</source>
   <translation>Über Cropsight</translation>
  </message>
  <message>
   <source>&amp;File</source>
   <translation>&amp;Datei</translation>
  </message>
  <message>
   <source>&amp;Edit</source>
   <translation>&amp;Bearbeiten</translation>
  </message>
  <message>
   <source>&amp;Photo</source>
   <translation>&amp;Foto</translation>
  </message>
  <message>
   <source>&amp;View</source>
   <translation>&amp;Ansicht</translation>
  </message>
  <message>
   <source>&amp;Method</source>
   <translation>&amp;Verfahren</translation>
  </message>
  <message>
   <source>&amp;Help</source>
   <translation>&amp;Hilfe</translation>
  </message>
  <message>
   <source>Read again</source>
   <translation>Neu lesen</translation>
  </message>
  <message>
   <source>Write accepted</source>
   <translation>Angenommene schreiben</translation>
  </message>
  <message>
   <source>Leave review</source>
   <translation>Durchsicht verlassen</translation>
  </message>
  <message>
   <source>The preset has settled the aspect.</source>
   <translation>Die Vorlage hat das Verhältnis festgelegt.</translation>
  </message>
  <message>
   <source>On the photo</source>
   <translation>Auf dem Foto</translation>
  </message>
  <message>
   <source>Drag inside, on an edge, outside</source>
   <translation>Innen, am Rand, außen ziehen</translation>
  </message>
  <message>
   <source>Move, resize, draw a new crop</source>
   <translation>Verschieben, Größe ändern, neu aufziehen</translation>
  </message>
  <message>
   <source>Drag outside a corner</source>
   <translation>Außerhalb einer Ecke ziehen</translation>
  </message>
  <message>
   <source>Straighten; with Shift more finely</source>
   <translation>Gerade richten; mit Umschalt feiner</translation>
  </message>
  <message>
   <source>1 … 9, 0</source>
   <translation>1 … 9, 0</translation>
  </message>
  <message>
   <source>Take candidate 1 to 10</source>
   <translation>Vorschlag 1 bis 10 nehmen</translation>
  </message>
  <message>
   <source>Arrows, Shift+arrows</source>
   <translation>Pfeile, Umschalt+Pfeile</translation>
  </message>
  <message>
   <source>Nudge by 1 pixel, by 10</source>
   <translation>Um 1 Pixel rücken, um 10</translation>
  </message>
  <message>
   <source>Arrows, Shift+arrows while straightening</source>
   <translation>Pfeile, Umschalt+Pfeile beim Geraderichten</translation>
  </message>
  <message>
   <source>Turn by 0.1 degree, by 1</source>
   <translation>Um 0,1 Grad drehen, um 1</translation>
  </message>
  <message>
   <source>B held</source>
   <translation>B gehalten</translation>
  </message>
  <message>
   <source>Show the photo as it was</source>
   <translation>Das Foto zeigen, wie es war</translation>
  </message>
  <message>
   <source>Double click</source>
   <translation>Doppelklick</translation>
  </message>
  <message>
   <source>Show the result alone</source>
   <translation>Nur das Ergebnis zeigen</translation>
  </message>
  <message>
   <source>Shift while dragging</source>
   <translation>Umschalt beim Ziehen</translation>
  </message>
  <message>
   <source>Turn the ratio lock around</source>
   <translation>Sperre des Verhältnisses umkehren</translation>
  </message>
  <message>
   <source>Ctrl or Alt while dragging</source>
   <translation>Strg oder Alt beim Ziehen</translation>
  </message>
  <message>
   <source>Resize about the centre</source>
   <translation>Größe um die Mitte ändern</translation>
  </message>
  <message>
   <source>Esc, right click</source>
   <translation>Esc, Rechtsklick</translation>
  </message>
  <message>
   <source>Cancel a drag or a preview</source>
   <translation>Ziehen oder Vorschau abbrechen</translation>
  </message>
  <message>
   <source>Wheel, pinch</source>
   <translation>Rad, Zweifingergeste</translation>
  </message>
  <message>
   <source>Zoom at the cursor</source>
   <translation>Am Zeiger zoomen</translation>
  </message>
  <message>
   <source>Space or middle drag</source>
   <translation>Leertaste oder mittlere Taste</translation>
  </message>
  <message>
   <source>Pan</source>
   <translation>Verschieben der Ansicht</translation>
  </message>
 </context>
 <context>
  <name>AngleField</name>
  <message>
   <source>Angle in degrees</source>
   <translation>Winkel in Grad</translation>
  </message>
  <message>
   <source>Angle in degrees, clockwise</source>
   <translation>Winkel in Grad, im Uhrzeigersinn</translation>
  </message>
 </context>
 <context>
  <name>AngleSlider</name>
  <message>
   <source>Angle</source>
   <translation>Winkel</translation>
  </message>
  <message>
   <source>Drag to straighten, with Shift for tenths; double click for 0°</source>
   <translation>Ziehen richtet gerade, mit Umschalt in Zehnteln; Doppelklick für 0°</translation>
  </message>
 </context>
 <context>
  <name>AspectPanel</name>
  <message>
   <source>Ratio, typed</source>
   <translation>Verhältnis, eingetippt</translation>
  </message>
  <message>
   <source>Type a ratio such as 4:5, 1.91, 10x15 cm or A4 (R)</source>
   <translation>Verhältnis tippen, etwa 4:5, 1,91, 10x15 cm oder A4 (R)</translation>
  </message>
  <message>
   <source>Swap width and height (X)</source>
   <translation>Breite und Höhe tauschen (X)</translation>
  </message>
  <message>
   <source>Lock the ratio (L)</source>
   <translation>Verhältnis sperren (L)</translation>
  </message>
  <message>
   <source>Aspect</source>
   <translation>Verhältnis</translation>
  </message>
  <message>
   <source>Your ratio {0}</source>
   <translation>Ihr Verhältnis {0}</translation>
  </message>
  <message>
   <source>The photo's own ratio (G)</source>
   <translation>Das Verhältnis des Fotos (G)</translation>
  </message>
  <message>
   <source>Any ratio (F)</source>
   <translation>Jedes Verhältnis (F)</translation>
  </message>
  <message>
   <source>A circle, and back to the last ratio (C)</source>
   <translation>Ein Kreis, und zurück zum letzten Verhältnis (C)</translation>
  </message>
  <message>
   <source>Ratio {0}</source>
   <translation>Verhältnis {0}</translation>
  </message>
  <message>
   <source>More</source>
   <translation>Mehr</translation>
  </message>
  <message>
   <source>More ratios, paper sizes, your own</source>
   <translation>Weitere Verhältnisse, Papiergrößen, eigene</translation>
  </message>
  <message>
   <source>Tightness of suggestions</source>
   <translation>Enge der Vorschläge</translation>
  </message>
  <message>
   <source>How much of the photo suggestions keep</source>
   <translation>Wie viel vom Foto die Vorschläge behalten</translation>
  </message>
  <message>
   <source>Loose</source>
   <translation>Weit</translation>
  </message>
  <message>
   <source>Tight</source>
   <translation>Eng</translation>
  </message>
  <message>
   <source>Paper</source>
   <translation>Papier</translation>
  </message>
  <message>
   <source>With safe area</source>
   <translation>Mit sicherem Bereich</translation>
  </message>
  <message>
   <source>Keep {0} as a chip</source>
   <translation>{0} als Schaltfläche behalten</translation>
  </message>
  <message>
   <source>Turn with the photo</source>
   <translation>Mit dem Foto drehen</translation>
  </message>
  <message>
   <source>Ratios lie level on wide photos and stand upright on tall ones</source>
   <translation>Verhältnisse liegen auf breiten Fotos quer und stehen auf hohen hochkant</translation>
  </message>
  <message>
   <source>Move left</source>
   <translation>Nach links</translation>
  </message>
  <message>
   <source>Move right</source>
   <translation>Nach rechts</translation>
  </message>
  <message>
   <source>Remove</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>{0}: {1} pixels per inch</source>
   <translation>{0}: {1} Pixel pro Zoll</translation>
  </message>
  <message>
   <source>Below {0} a print looks soft.</source>
   <translation>Unter {0} wirkt ein Druck weich.</translation>
  </message>
 </context>
 <context>
  <name>Aspects</name>
  <message>
   <source>Original</source>
   <translation>Original</translation>
  </message>
  <message>
   <source>Free</source>
   <translation>Frei</translation>
  </message>
  <message>
   <source>Circle</source>
   <translation>Kreis</translation>
  </message>
  <message>
   <source>Orig</source>
   <translation>Orig.</translation>
  </message>
 </context>
 <context>
  <name>BatchController</name>
  <message>
   <source>Looking …</source>
   <translation>Sucht …</translation>
  </message>
  <message>
   <source>Open some photos, or choose a folder.</source>
   <translation>Fotos öffnen oder einen Ordner wählen.</translation>
  </message>
  <message>
   <source>Select photos in the filmstrip.</source>
   <translation>Fotos im Filmstreifen auswählen.</translation>
  </message>
  <message>
   <source>Choose a folder.</source>
   <translation>Einen Ordner wählen.</translation>
  </message>
  <message>
   <source>There are no photos in this folder.</source>
   <translation>In diesem Ordner sind keine Fotos.</translation>
  </message>
  <message>
   <source>A batch needs the engine, which could not be loaded.</source>
   <translation>Ein Stapel braucht die Engine, die sich nicht laden ließ.</translation>
  </message>
  <message>
   <source>Another batch is at work; this one can start after it.</source>
   <translation>Ein anderer Stapel arbeitet noch; dieser kann danach beginnen.</translation>
  </message>
  <message>
   <source>crops are found, and nothing is written yet</source>
   <translation>Ausschnitte werden gesucht, noch wird nichts geschrieben</translation>
  </message>
 </context>
 <context>
  <name>BatchPage</name>
  <message>
   <source>Batch</source>
   <translation>Stapel</translation>
  </message>
  <message>
   <source>Start</source>
   <translation>Beginnen</translation>
  </message>
  <message>
   <source>Start the batch (Ctrl+Enter)</source>
   <translation>Den Stapel beginnen (Strg+Eingabe)</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Close the page (Esc)</source>
   <translation>Die Seite schließen (Esc)</translation>
  </message>
 </context>
 <context>
  <name>BatchProgressBar</name>
  <message>
   <source>Batch</source>
   <translation>Stapel</translation>
  </message>
  <message>
   <source>Progress of the batch</source>
   <translation>Fortschritt des Stapels</translation>
  </message>
  <message>
   <source>Show which, and why</source>
   <translation>Zeigen, welche und warum</translation>
  </message>
  <message>
   <source>Pause</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <source>Hold the batch after the photos in hand</source>
   <translation>Den Stapel nach den Fotos in Arbeit anhalten</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>End the batch after the files in hand</source>
   <translation>Den Stapel nach den Dateien in Arbeit beenden</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Resume</source>
   <translation>Fortsetzen</translation>
  </message>
  <message>
   <source>Go on with the batch</source>
   <translation>Mit dem Stapel weitermachen</translation>
  </message>
  <message>
   <source>{0} failed</source>
   <translation>{0} fehlgeschlagen</translation>
  </message>
  <message>
   <source>{0} skipped</source>
   <translation>{0} übersprungen</translation>
  </message>
 </context>
 <context>
  <name>BatchThread</name>
  <message>
   <source>Another window is at work on this batch.</source>
   <translation>Ein anderes Fenster arbeitet an diesem Stapel.</translation>
  </message>
  <message>
   <source>The batch stopped ({0}).</source>
   <translation>Der Stapel hielt an ({0}).</translation>
  </message>
 </context>
 <context>
  <name>CandidateCard</name>
  <message>
   <source>Candidate {0}</source>
   <translation>Vorschlag {0}</translation>
  </message>
  <message>
   <source>score {0}</source>
   <translation>Wertung {0}</translation>
  </message>
  <message>
   <source>validity {0}</source>
   <translation>Gültigkeit {0}</translation>
  </message>
  <message>
   <source>leave uncropped</source>
   <translation>ganz lassen</translation>
  </message>
  <message>
   <source>{0} ({1})</source>
   <translation>{0} ({1})</translation>
  </message>
  <message>
   <source>valid {0}</source>
   <translation>gültig {0}</translation>
  </message>
  <message>
   <source>Whole</source>
   <translation>Ganz</translation>
  </message>
 </context>
 <context>
  <name>CandidateStrip</name>
  <message>
   <source>Candidates</source>
   <translation>Vorschläge</translation>
  </message>
 </context>
 <context>
  <name>CompareCard</name>
  <message>
   <source>Score: the overlap to expect with a person's crop, in %</source>
   <translation>Wertung: die erwartete Überdeckung mit dem Ausschnitt eines Menschen, in %</translation>
  </message>
  <message>
   <source>Use this method</source>
   <translation>Dieses verwenden</translation>
  </message>
  <message>
   <source>Let {0} propose the candidates</source>
   <translation>Vorschläge von {0} machen lassen</translation>
  </message>
  <message>
   <source>Looking …</source>
   <translation>Sucht …</translation>
  </message>
  <message>
   <source>looking for a crop</source>
   <translation>sucht einen Ausschnitt</translation>
  </message>
  <message>
   <source>No crop of this shape</source>
   <translation>Kein Ausschnitt dieser Form</translation>
  </message>
  <message>
   <source>validity {0}</source>
   <translation>Gültigkeit {0}</translation>
  </message>
  <message>
   <source>score {0}</source>
   <translation>Wertung {0}</translation>
  </message>
  <message>
   <source>{0}. Take this crop</source>
   <translation>{0}. Diesen Ausschnitt nehmen</translation>
  </message>
  <message>
   <source>Take this crop</source>
   <translation>Diesen Ausschnitt nehmen</translation>
  </message>
  <message>
   <source>In use</source>
   <translation>In Gebrauch</translation>
  </message>
  <message>
   <source>Use</source>
   <translation>Verwenden</translation>
  </message>
 </context>
 <context>
  <name>CompareController</name>
  <message>
   <source>free ratio</source>
   <translation>freies Verhältnis</translation>
  </message>
  <message>
   <source>No answer</source>
   <translation>Keine Antwort</translation>
  </message>
  <message>
   <source>Crop of {0}</source>
   <translation>Ausschnitt von {0}</translation>
  </message>
 </context>
 <context>
  <name>ComparePage</name>
  <message>
   <source>Compare methods</source>
   <translation>Verfahren vergleichen</translation>
  </message>
  <message>
   <source>The best crop of each method. A click takes it; Ctrl+Z takes that back.</source>
   <translation>Der beste Ausschnitt jedes Verfahrens. Ein Klick nimmt ihn; Strg+Z nimmt das zurück.</translation>
  </message>
 </context>
 <context>
  <name>CopyPaste</name>
  <message>
   <source>Crop copied: {0}, {1} × {2}.</source>
   <translation>Ausschnitt kopiert: {0}, {1} × {2}.</translation>
  </message>
  <message>
   <source>Paste crop</source>
   <translation>Ausschnitt einfügen</translation>
  </message>
  <message>
   <source>Paste settings</source>
   <translation>Einstellungen einfügen</translation>
  </message>
  <message>
   <source>Best crop</source>
   <translation>Bester Ausschnitt</translation>
  </message>
  <message>
   <source>Paste crop by the subject</source>
   <translation>Ausschnitt nach dem Motiv einfügen</translation>
  </message>
  <message>
   <source>Level</source>
   <translation>Waagerecht stellen</translation>
  </message>
  <message>
   <source>Nothing is copied yet. Copy a crop first (Ctrl+C).</source>
   <translation>Noch nichts ist kopiert. Zuerst einen Ausschnitt kopieren (Strg+C).</translation>
  </message>
  <message>
   <source>Select the photos that are to be cropped like this one.</source>
   <translation>Die Fotos auswählen, die wie dieses zugeschnitten werden sollen.</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>{0} (too few level or plumb lines)</source>
   <translation>{0} (zu wenige waagerechte oder senkrechte Linien)</translation>
  </message>
  <message>
   <source>{0} (its lines do not agree)</source>
   <translation>{0} (die Linien stimmen nicht überein)</translation>
  </message>
  <message>
   <source>Nothing was pasted: {0}</source>
   <translation>Nichts wurde eingefügt: {0}</translation>
  </message>
  <message>
   <source>Nothing to change on the selected photos.</source>
   <translation>An den gewählten Fotos gibt es nichts zu ändern.</translation>
  </message>
  <message>
   <source>Without suggestions: {0}.</source>
   <translation>Ohne Vorschläge: {0}.</translation>
  </message>
  <message>
   <source>Show them</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
 </context>
 <context>
  <name>Counted</name>
  <message numerus="yes">
   <source>and %n more</source>
   <translation>
    <numerusform>und %n weiterer</numerusform>
    <numerusform>und %n weitere</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n more like it.</source>
   <translation>
    <numerusform>%n weitere dieser Art.</numerusform>
    <numerusform>%n weitere dieser Art.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>The crop follows the subject in %n more photo(s) of the stack.</source>
   <translation>
    <numerusform>Der Ausschnitt folgt dem Motiv in %n weiteren Foto des Stapels.</numerusform>
    <numerusform>Der Ausschnitt folgt dem Motiv in %n weiteren Fotos des Stapels.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Export %n file(s)</source>
   <translation>
    <numerusform>%n Datei exportieren</numerusform>
    <numerusform>%n Dateien exportieren</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>All %n photo(s)</source>
   <translation>
    <numerusform>Das eine Foto (%n)</numerusform>
    <numerusform>Alle %n Fotos</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s) kept in another ratio: use {0} for all?</source>
   <translation>
    <numerusform>%n Foto hat ein anderes Verhältnis: {0} für alle?</numerusform>
    <numerusform>%n Fotos haben ein anderes Verhältnis: {0} für alle?</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s) came into the open folders since the last time.</source>
   <translation>
    <numerusform>Seit dem letzten Mal kam %n Foto in die offenen Ordner.</numerusform>
    <numerusform>Seit dem letzten Mal kamen %n Fotos in die offenen Ordner.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n selected photo(s)</source>
   <translation>
    <numerusform>Das eine ausgewählte Foto (%n)</numerusform>
    <numerusform>%n ausgewählte Fotos</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n head(s) in this photo</source>
   <translation>
    <numerusform>%n Kopf in diesem Foto</numerusform>
    <numerusform>%n Köpfe in diesem Foto</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n area(s) protected.</source>
   <translation>
    <numerusform>%n Bereich geschützt.</numerusform>
    <numerusform>%n Bereiche geschützt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n file(s) exported to {0}</source>
   <translation>
    <numerusform>%n Datei nach {0} exportiert</numerusform>
    <numerusform>%n Dateien nach {0} exportiert</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Exporting %n more file(s). Close again to stop.</source>
   <translation>
    <numerusform>Noch %n Datei wird exportiert. Erneut schließen, um abzubrechen.</numerusform>
    <numerusform>Noch %n Dateien werden exportiert. Erneut schließen, um abzubrechen.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s)</source>
   <translation>
    <numerusform>%n Foto</numerusform>
    <numerusform>%n Fotos</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s), with all folders inside</source>
   <translation>
    <numerusform>%n Foto, mit allen Ordnern darin</numerusform>
    <numerusform>%n Fotos, mit allen Ordnern darin</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n other file(s) left out</source>
   <translation>
    <numerusform>%n andere Datei ausgelassen</numerusform>
    <numerusform>%n andere Dateien ausgelassen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n raw file(s) left out: install the package rawpy to open them</source>
   <translation>
    <numerusform>%n Rohdatei ausgelassen: das Paket rawpy installieren, um sie zu öffnen</numerusform>
    <numerusform>%n Rohdateien ausgelassen: das Paket rawpy installieren, um sie zu öffnen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n file(s)</source>
   <translation>
    <numerusform>%n Datei</numerusform>
    <numerusform>%n Dateien</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n file(s) written</source>
   <translation>
    <numerusform>%n Datei geschrieben</numerusform>
    <numerusform>%n Dateien geschrieben</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n crop(s) ready to be looked at</source>
   <translation>
    <numerusform>%n Ausschnitt wartet auf die Durchsicht</numerusform>
    <numerusform>%n Ausschnitte warten auf die Durchsicht</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>The batch {0} (%n photo(s)) was not finished.</source>
   <translation>
    <numerusform>Der Stapel {0} (%n Foto) wurde nicht beendet.</numerusform>
    <numerusform>Der Stapel {0} (%n Fotos) wurde nicht beendet.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Crop pasted on %n photo(s).</source>
   <translation>
    <numerusform>Ausschnitt bei %n Foto eingefügt.</numerusform>
    <numerusform>Ausschnitt bei %n Fotos eingefügt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Settings pasted on %n photo(s).</source>
   <translation>
    <numerusform>Einstellungen bei %n Foto eingefügt.</numerusform>
    <numerusform>Einstellungen bei %n Fotos eingefügt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Best crop taken on %n photo(s).</source>
   <translation>
    <numerusform>Besten Ausschnitt bei %n Foto genommen.</numerusform>
    <numerusform>Besten Ausschnitt bei %n Fotos genommen.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s) levelled.</source>
   <translation>
    <numerusform>%n Foto waagerecht gestellt.</numerusform>
    <numerusform>%n Fotos waagerecht gestellt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s) cropped alike.</source>
   <translation>
    <numerusform>%n Foto gleich zugeschnitten.</numerusform>
    <numerusform>%n Fotos gleich zugeschnitten.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Look at %n of them:</source>
   <translation>
    <numerusform>%n davon ansehen:</numerusform>
    <numerusform>%n davon ansehen:</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s) changed since: left as they are.</source>
   <translation>
    <numerusform>%n Foto seither geändert: bleibt, wie es ist.</numerusform>
    <numerusform>%n Fotos seither geändert: bleiben, wie sie sind.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n raw file(s) without a sidecar: one will be made.</source>
   <translation>
    <numerusform>%n Rohdatei hat noch keine Begleitdatei: Sie wird angelegt.</numerusform>
    <numerusform>%n Rohdateien haben noch keine Begleitdatei: Sie wird jeweils angelegt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n sidecar(s) written.</source>
   <translation>
    <numerusform>%n Begleitdatei geschrieben.</numerusform>
    <numerusform>%n Begleitdateien geschrieben.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n held the crop already.</source>
   <translation>
    <numerusform>%n enthielt den Ausschnitt schon.</numerusform>
    <numerusform>%n enthielten den Ausschnitt schon.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n sidecar(s) keep another crop, made there.</source>
   <translation>
    <numerusform>%n Begleitdatei behält einen anderen, dort gemachten Ausschnitt.</numerusform>
    <numerusform>%n Begleitdateien behalten einen anderen, dort gemachten Ausschnitt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s) developed in darktable already: it will not read the crop.</source>
   <translation>
    <numerusform>%n Foto ist in darktable schon entwickelt: es liest den Ausschnitt nicht.</numerusform>
    <numerusform>%n Fotos sind in darktable schon entwickelt: es liest den Ausschnitt nicht.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n of them Lightroom reads from a copy only, darktable as they are.</source>
   <translation>
    <numerusform>%n davon liest Lightroom nur aus einer Kopie, darktable so, wie es ist.</numerusform>
    <numerusform>%n davon liest Lightroom nur aus Kopien, darktable so, wie sie sind.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Copies for Lightroom written to {0}: %n.</source>
   <translation>
    <numerusform>Kopien für Lightroom in {0} geschrieben: %n.</numerusform>
    <numerusform>Kopien für Lightroom in {0} geschrieben: %n.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s) left out: Lightroom reads their sidecars.</source>
   <translation>
    <numerusform>%n Foto ausgelassen: Lightroom liest seine Begleitdatei.</numerusform>
    <numerusform>%n Fotos ausgelassen: Lightroom liest ihre Begleitdateien.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Write %n sidecar(s)</source>
   <translation>
    <numerusform>%n Begleitdatei schreiben</numerusform>
    <numerusform>%n Begleitdateien schreiben</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Write copies of %n photo(s)</source>
   <translation>
    <numerusform>Kopie von %n Foto schreiben</numerusform>
    <numerusform>Kopien von %n Fotos schreiben</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Write %n crop(s) for another editor:</source>
   <translation>
    <numerusform>%n Ausschnitt für ein anderes Programm schreiben:</numerusform>
    <numerusform>%n Ausschnitte für ein anderes Programm schreiben:</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>CropFields</name>
  <message>
   <source>Method</source>
   <translation>Verfahren</translation>
  </message>
  <message>
   <source>Who proposes the crops</source>
   <translation>Wer die Ausschnitte vorschlägt</translation>
  </message>
  <message>
   <source>Crops of each photo and ratio</source>
   <translation>Ausschnitte je Foto und Verhältnis</translation>
  </message>
  <message>
   <source>How many different crops of each photo and ratio</source>
   <translation>Wie viele verschiedene Ausschnitte je Foto und Verhältnis</translation>
  </message>
  <message>
   <source>Tightness</source>
   <translation>Enge</translation>
  </message>
  <message>
   <source>How much of the photo the crops keep</source>
   <translation>Wie viel vom Foto die Ausschnitte behalten</translation>
  </message>
  <message>
   <source>Smallest short side of a crop in pixels</source>
   <translation>Kleinste kurze Seite eines Ausschnitts in Pixel</translation>
  </message>
  <message>
   <source>any</source>
   <translation>beliebig</translation>
  </message>
  <message>
   <source>A crop with a shorter side is passed over for the next candidate</source>
   <translation>Statt eines Ausschnitts mit kürzerer Seite gilt der nächste Vorschlag</translation>
  </message>
  <message>
   <source>Crops each</source>
   <translation>Je Foto</translation>
  </message>
  <message>
   <source>Loose – Tight</source>
   <translation>Weit – Eng</translation>
  </message>
  <message>
   <source>At least, px</source>
   <translation>Mindestens, px</translation>
  </message>
  <message>
   <source>Keep my own crops</source>
   <translation>Eigene Ausschnitte behalten</translation>
  </message>
  <message>
   <source>Where you made a crop of this ratio, that one is exported, just as it is</source>
   <translation>Ein eigener Ausschnitt in diesem Verhältnis wird exportiert, genau so, wie er ist</translation>
  </message>
  <message>
   <source>Keep heads whole</source>
   <translation>Köpfe ganz lassen</translation>
  </message>
  <message>
   <source>No crop cuts a person's head, wherever one of this ratio can hold it</source>
   <translation>Kein Ausschnitt schneidet einen Kopf an, wo einer dieses Verhältnisses ihn fassen kann</translation>
  </message>
  <message>
   <source>Crop incomplete photos too</source>
   <translation>Auch unvollständige Fotos zuschneiden</translation>
  </message>
  <message>
   <source>JPEGs that end too early: their missing rows are grey. Otherwise they fail.</source>
   <translation>JPEGs, die zu früh enden: Ihre fehlenden Zeilen sind grau. Sonst gelten sie als fehlgeschlagen.</translation>
  </message>
  <message>
   <source>Turn ratios with the photo</source>
   <translation>Verhältnisse mit dem Foto drehen</translation>
  </message>
  <message>
   <source>Ratios and exact sizes lie level for wide photos and stand upright for tall ones</source>
   <translation>Verhältnisse und genaue Größen liegen bei breiten Fotos quer und stehen bei hohen hochkant</translation>
  </message>
  <message>
   <source>Place that the crops are for</source>
   <translation>Wofür die Ausschnitte sind</translation>
  </message>
  <message>
   <source>A review shows what is covered there</source>
   <translation>Eine Durchsicht zeigt, was dort verdeckt ist</translation>
  </message>
  <message>
   <source>For</source>
   <translation>Für</translation>
  </message>
  <message>
   <source>Ratios and sizes</source>
   <translation>Verhältnisse und Größen</translation>
  </message>
  <message>
   <source>Crops</source>
   <translation>Ausschnitte</translation>
  </message>
  <message>
   <source>Cascade</source>
   <translation>Kaskade</translation>
  </message>
  <message>
   <source>This engine has no method {0}.</source>
   <translation>Diese Engine kennt das Verfahren {0} nicht.</translation>
  </message>
 </context>
 <context>
  <name>CropPicture</name>
  <message>
   <source>Copied as a picture: {0} × {1}.</source>
   <translation>Als Bild kopiert: {0} × {1}.</translation>
  </message>
 </context>
 <context>
  <name>CropRow</name>
  <message>
   <source>Remove this crop</source>
   <translation>Diesen Ausschnitt entfernen</translation>
  </message>
  <message>
   <source>Remove the crop {0}, {1}</source>
   <translation>Den Ausschnitt {0}, {1} entfernen</translation>
  </message>
 </context>
 <context>
  <name>CropTool</name>
  <message>
   <source>Move crop</source>
   <translation>Ausschnitt verschieben</translation>
  </message>
  <message>
   <source>Resize crop</source>
   <translation>Ausschnittgröße ändern</translation>
  </message>
  <message>
   <source>New crop</source>
   <translation>Neuer Ausschnitt</translation>
  </message>
 </context>
 <context>
  <name>CropView</name>
  <message>
   <source>Photo and crop</source>
   <translation>Foto und Ausschnitt</translation>
  </message>
 </context>
 <context>
  <name>CropWords</name>
  <message>
   <source>Your crop</source>
   <translation>Eigener Ausschnitt</translation>
  </message>
  <message>
   <source>Suggested {0} of {1}</source>
   <translation>Vorschlag {0} von {1}</translation>
  </message>
  <message>
   <source>drag to make it yours</source>
   <translation>ziehen, um ihn zu übernehmen</translation>
  </message>
  <message>
   <source>Fitted to {0}</source>
   <translation>An {0} angepasst</translation>
  </message>
  <message>
   <source>From {0}</source>
   <translation>Quelle: {0}</translation>
  </message>
  <message>
   <source>approximate</source>
   <translation>ungefähr</translation>
  </message>
  <message>
   <source>Candidate {0} of {1}</source>
   <translation>Vorschlag {0} von {1}</translation>
  </message>
  <message>
   <source>Whole photo</source>
   <translation>Ganzes Foto</translation>
  </message>
 </context>
 <context>
  <name>DetailText</name>
  <message>
   <source>Details</source>
   <translation>Einzelheiten</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Copy the details</source>
   <translation>Die Einzelheiten kopieren</translation>
  </message>
  <message>
   <source>Copied</source>
   <translation>Kopiert</translation>
  </message>
 </context>
 <context>
  <name>DropOverlay</name>
  <message>
   <source>Drop to open</source>
   <translation>Loslassen zum Öffnen</translation>
  </message>
 </context>
 <context>
  <name>Editor</name>
  <message>
   <source>Aspect {0}</source>
   <translation>Verhältnis {0}</translation>
  </message>
  <message>
   <source>Candidate {0}</source>
   <translation>Vorschlag {0}</translation>
  </message>
  <message>
   <source>Nudge crop</source>
   <translation>Ausschnitt rücken</translation>
  </message>
  <message>
   <source>Type numbers</source>
   <translation>Zahlen eintippen</translation>
  </message>
  <message>
   <source>Crop by numbers</source>
   <translation>Ausschnitt aus Zahlen</translation>
  </message>
  <message>
   <source>Whole photo</source>
   <translation>Ganzes Foto</translation>
  </message>
  <message>
   <source>Accept crop</source>
   <translation>Ausschnitt annehmen</translation>
  </message>
  <message>
   <source>Method</source>
   <translation>Verfahren</translation>
  </message>
  <message>
   <source>Keep heads whole</source>
   <translation>Köpfe ganz lassen</translation>
  </message>
  <message>
   <source>Keep text whole</source>
   <translation>Text ganz lassen</translation>
  </message>
  <message>
   <source>Dismiss head</source>
   <translation>Kopf verwerfen</translation>
  </message>
  <message>
   <source>Draw head</source>
   <translation>Kopf einzeichnen</translation>
  </message>
  <message>
   <source>Protected areas</source>
   <translation>Geschützte Bereiche</translation>
  </message>
 </context>
 <context>
  <name>Engine</name>
  <message>
   <source>The engine found nothing.</source>
   <translation>Die Engine hat nichts gefunden.</translation>
  </message>
  <message>
   <source>The batch was stopped.</source>
   <translation>Der Stapel wurde angehalten.</translation>
  </message>
  <message>
   <source>Remove it, then try again.</source>
   <translation>Die Datei entfernen und es erneut versuchen.</translation>
  </message>
  <message>
   <source>cannot be a folder ({reason}).</source>
   <translation>kann kein Ordner sein ({reason}).</translation>
  </message>
  <message>
   <source>Choose another folder.</source>
   <translation>Einen anderen Ordner wählen.</translation>
  </message>
  <message>
   <source>{reason} Install Cropsight again to repair it.</source>
   <translation>{reason} Cropsight neu installieren, um es zu reparieren.</translation>
  </message>
  <message>
   <source>The engine has stopped.</source>
   <translation>Die Engine wurde beendet.</translation>
  </message>
  <message>
   <source>No suggestions</source>
   <translation>Keine Vorschläge</translation>
  </message>
  <message>
   <source>No score</source>
   <translation>Keine Bewertung</translation>
  </message>
  <message>
   <source>No crops in it</source>
   <translation>Keine Ausschnitte darin</translation>
  </message>
  <message>
   <source>No map</source>
   <translation>Keine Karte</translation>
  </message>
  <message>
   <source>No reasons</source>
   <translation>Keine Gründe</translation>
  </message>
  <message>
   <source>No pattern</source>
   <translation>Kein Muster</translation>
  </message>
  <message>
   <source>{file}: its crop cannot be written ({reason}).</source>
   <translation>{file}: sein Ausschnitt lässt sich nicht schreiben ({reason}).</translation>
  </message>
  <message>
   <source>{text!r} is no number of megapixels: write 12 or 2.5.</source>
   <translation>{text!r} ist keine Zahl von Megapixeln: Schreiben Sie 12 oder 2,5.</translation>
  </message>
  <message>
   <source>{text!r} is no size of a print: write 10x15 cm, A4, or 8x10 in@300.</source>
   <translation>{text!r} ist keine Druckgröße: Schreiben Sie 10x15 cm, A4 oder 8x10 in@300.</translation>
  </message>
  <message>
   <source>cannot be read ({reason}).</source>
   <translation>lässt sich nicht lesen ({reason}).</translation>
  </message>
  <message>
   <source>Save it anew and try again.</source>
   <translation>Neu sichern und noch einmal versuchen.</translation>
  </message>
  <message>
   <source>{path} cannot be written: {reason}.</source>
   <translation>{path} lässt sich nicht schreiben: {reason}.</translation>
  </message>
  <message>
   <source>{path} cannot be removed: {reason}.</source>
   <translation>{path} lässt sich nicht entfernen: {reason}.</translation>
  </message>
  <message>
   <source>Desktop entries are for Linux; here the system makes them by itself.</source>
   <translation>Desktop-Einträge sind für Linux; hier legt das System sie selbst an.</translation>
  </message>
  <message>
   <source>The window did not show candidates within two minutes.</source>
   <translation>Das Fenster hat binnen zwei Minuten keine Kandidaten gezeigt.</translation>
  </message>
  <message>
   <source>{file}: its crop comes from {program}.</source>
   <translation>{file}: Der Ausschnitt stammt aus {program}.</translation>
  </message>
  <message>
   <source>{file}: its crops cannot be read ({reason}).</source>
   <translation>{file}: Die Ausschnitte lassen sich nicht lesen ({reason}).</translation>
  </message>
  <message>
   <source>{file}: its crops cannot be kept ({reason}).</source>
   <translation>{file}: Die Ausschnitte lassen sich nicht sichern ({reason}).</translation>
  </message>
  <message>
   <source>could not be written to: {reason}.</source>
   <translation>ließ sich nicht beschreiben: {reason}.</translation>
  </message>
  <message>
   <source>Free some space or choose another folder.</source>
   <translation>Platz schaffen oder einen anderen Ordner wählen.</translation>
  </message>
  <message>
   <source>Another batch is writing to this folder.</source>
   <translation>Ein anderer Stapel schreibt in diesen Ordner.</translation>
  </message>
  <message>
   <source>Wait for it, or choose another.</source>
   <translation>Darauf warten oder einen anderen wählen.</translation>
  </message>
  <message>
   <source>Remove it or choose another folder.</source>
   <translation>Die Datei entfernen oder einen anderen Ordner wählen.</translation>
  </message>
  <message>
   <source>could not be read: {reason}.</source>
   <translation>ließ sich nicht lesen: {reason}.</translation>
  </message>
  <message>
   <source>the number {number}</source>
   <translation>die Zahl {number}</translation>
  </message>
  <message>
   <source>a name, in quotes</source>
   <translation>ein Name in Anführungszeichen</translation>
  </message>
  <message>
   <source>a list such as ["4:5", "circle"]</source>
   <translation>eine Liste wie ["4:5", "circle"]</translation>
  </message>
  <message>
   <source>a method's name, such as "default"</source>
   <translation>der Name eines Verfahrens, etwa "default"</translation>
  </message>
  <message>
   <source>a whole number from 1 to {most}</source>
   <translation>eine ganze Zahl von 1 bis {most}</translation>
  </message>
  <message>
   <source>a number from 0 to 1</source>
   <translation>eine Zahl von 0 bis 1</translation>
  </message>
  <message>
   <source>true or false</source>
   <translation>true oder false</translation>
  </message>
  <message>
   <source>"story", "banner" or "avatar"</source>
   <translation>"story", "banner" oder "avatar"</translation>
  </message>
  <message>
   <source>a whole number from 0 to {most}</source>
   <translation>eine ganze Zahl von 0 bis {most}</translation>
  </message>
  <message>
   <source>"1080x1350", "2048" for the long side, "short:1080", "12MP", "10x15cm@300", or an object of these by aspect</source>
   <translation>"1080x1350", "2048" für die lange Seite, "short:1080", "12MP", "10x15cm@300" oder ein Objekt davon nach Verhältnis</translation>
  </message>
  <message>
   <source>a template such as "{{name}}_{{aspect}}_{{rank}}"</source>
   <translation>ein Namensmuster wie "{{name}}_{{aspect}}_{{rank}}"</translation>
  </message>
  <message>
   <source>a format such as "jpeg", or "keep"</source>
   <translation>ein Format wie "jpeg" oder "keep"</translation>
  </message>
  <message>
   <source>"all", "no-location" or "none"</source>
   <translation>"all", "no-location" oder "none"</translation>
  </message>
  <message>
   <source>three whole numbers from 0 to 255: red, green, blue</source>
   <translation>drei ganze Zahlen von 0 bis 255: Rot, Grün, Blau</translation>
  </message>
  <message>
   <source>name: takes 1 to {most} characters on one line.</source>
   <translation>name: braucht 1 bis {most} Zeichen in einer Zeile.</translation>
  </message>
  <message>
   <source>aspects: takes at least one aspect, and none twice.</source>
   <translation>aspects: braucht mindestens ein Verhältnis und keines doppelt.</translation>
  </message>
  <message>
   <source>aspects: holds a ratio and its reverse, which are one as ratios turn.</source>
   <translation>aspects: enthält ein Verhältnis und seine Umkehrung, die eins sind, wenn Verhältnisse sich drehen.</translation>
  </message>
  <message>
   <source>place: takes {choices}, or nothing.</source>
   <translation>place: nimmt {choices} oder nichts.</translation>
  </message>
  <message>
   <source>method: takes a method's name, or default.</source>
   <translation>method: braucht den Namen eines Verfahrens oder default.</translation>
  </message>
  <message>
   <source>template: takes text on one line.</source>
   <translation>template: braucht Text in einer Zeile.</translation>
  </message>
  <message>
   <source>k: takes a whole number from 1 to {most}.</source>
   <translation>k: braucht eine ganze Zahl von 1 bis {most}.</translation>
  </message>
  <message>
   <source>tightness: takes a number from 0 to 1.</source>
   <translation>tightness: braucht eine Zahl von 0 bis 1.</translation>
  </message>
  <message>
   <source>min_pixels: takes a whole number from 0 to {most}.</source>
   <translation>min_pixels: braucht eine ganze Zahl von 0 bis {most}.</translation>
  </message>
  <message>
   <source>size: takes one size, or one for each aspect.</source>
   <translation>size: braucht eine Größe oder eine je Verhältnis.</translation>
  </message>
  <message>
   <source>is incomplete: {count} rows of its pixels are missing.</source>
   <translation>ist unvollständig: {count} Zeilen seiner Pixel fehlen.</translation>
  </message>
  <message>
   <source>Copy it again from where it came from, or allow incomplete photos in the preset.</source>
   <translation>Kopieren Sie es noch einmal von seinem Ursprung, oder erlauben Sie in der Vorlage unvollständige Fotos.</translation>
  </message>
  <message>
   <source>is no JSON object that a preset could be.</source>
   <translation>ist kein JSON-Objekt, das eine Vorlage sein könnte.</translation>
  </message>
  <message>
   <source>is no JSON: {problem}, line {line}, column {column}.</source>
   <translation>ist kein JSON: {problem}, Zeile {line}, Spalte {column}.</translation>
  </message>
  <message>
   <source>holds a number that is far too long.</source>
   <translation>enthält eine viel zu lange Zahl.</translation>
  </message>
  <message>
   <source>is no JSON object such as a preset is.</source>
   <translation>ist kein JSON-Objekt, wie es eine Vorlage ist.</translation>
  </message>
  <message>
   <source>is not there.</source>
   <translation>ist nicht da.</translation>
  </message>
  <message>
   <source>It may have been moved or renamed.</source>
   <translation>Vielleicht wurde es verschoben oder umbenannt.</translation>
  </message>
  <message>
   <source>Choose another file.</source>
   <translation>Eine andere Datei wählen.</translation>
  </message>
  <message>
   <source>is no text in UTF-8.</source>
   <translation>ist kein Text in UTF-8.</translation>
  </message>
  <message>
   <source>Choose a preset's file.</source>
   <translation>Die Datei einer Vorlage wählen.</translation>
  </message>
  <message>
   <source>{field}: is there twice; leave one out.</source>
   <translation>{field}: kommt zweimal vor; eines weglassen.</translation>
  </message>
  <message>
   <source>{text} is no number that a preset could hold.</source>
   <translation>{text} ist keine Zahl, die in einer Vorlage stehen könnte.</translation>
  </message>
  <message>
   <source>schema: is {schema}, this version reads {known}. Update Cropsight to read it.</source>
   <translation>schema: ist {schema}, diese Version liest {known}. Cropsight aktualisieren, um es zu lesen.</translation>
  </message>
  <message>
   <source>{field}: is missing; it takes {taken}.</source>
   <translation>{field}: fehlt; erwartet wird: {taken}.</translation>
  </message>
  <message>
   <source>{field}: is no field of a preset; these are {fields}.</source>
   <translation>{field}: ist kein Feld einer Vorlage; es gibt {fields}.</translation>
  </message>
  <message>
   <source>{field}: is {value}; it takes {taken}.</source>
   <translation>{field}: ist {value}; erwartet wird: {taken}.</translation>
  </message>
  <message>
   <source>schema: is {schema}; it takes {taken}.</source>
   <translation>schema: ist {schema}; erwartet wird: {taken}.</translation>
  </message>
  <message>
   <source>{field}: holds {value}; it takes {taken}.</source>
   <translation>{field}: enthält {value}; erwartet wird: {taken}.</translation>
  </message>
  <message>
   <source>size: has {key!r}, which is none of the aspects.</source>
   <translation>size: nennt {key!r}, das keines der Verhältnisse ist.</translation>
  </message>
  <message>
   <source>size: takes one text such as 1080x1350 for {key}.</source>
   <translation>size: braucht für {key} einen Text wie 1080x1350.</translation>
  </message>
  <message>
   <source>{text!r} is no preset: choose one of {names}; or give a preset's file, or an aspect such as 4:5.</source>
   <translation>{text!r} ist keine Vorlage: eine von {names} wählen, die Datei einer Vorlage oder ein Verhältnis wie 4:5 angeben.</translation>
  </message>
  <message>
   <source>is there already.</source>
   <translation>gibt es schon.</translation>
  </message>
  <message>
   <source>Choose another name, or replace it on purpose.</source>
   <translation>Einen anderen Namen wählen oder bewusst ersetzen.</translation>
  </message>
  <message>
   <source>could not be written: {reason}.</source>
   <translation>ließ sich nicht schreiben: {reason}.</translation>
  </message>
  <message>
   <source>Check the folder.</source>
   <translation>Den Ordner prüfen.</translation>
  </message>
  <message>
   <source>comes with the program.</source>
   <translation>gehört zum Programm.</translation>
  </message>
  <message>
   <source>Save it under another name.</source>
   <translation>Unter einem anderen Namen sichern.</translation>
  </message>
  <message>
   <source>could not be removed: {reason}.</source>
   <translation>ließ sich nicht entfernen: {reason}.</translation>
  </message>
  <message>
   <source>could not be made: the folder for temporary files takes no more ({reason}).</source>
   <translation>ließ sich nicht erstellen: Der Ordner für temporäre Dateien nimmt nichts mehr auf ({reason}).</translation>
  </message>
  <message>
   <source>The crops are written; free some space there, then ask for the report again.</source>
   <translation>Die Ausschnitte sind geschrieben; dort Platz schaffen und den Bericht erneut anfordern.</translation>
  </message>
  <message>
   <source>Choose another folder with --report.</source>
   <translation>Mit --report einen anderen Ordner wählen.</translation>
  </message>
  <message>
   <source>Workers died on it three times. Look at it, or leave it out.</source>
   <translation>Dreimal ist ein Arbeitsprozess daran gestorben. Sehen Sie es sich an oder lassen Sie es weg.</translation>
  </message>
  <message>
   <source>The worker failed on it ({reason}).</source>
   <translation>Der Arbeitsprozess ist daran gescheitert ({reason}).</translation>
  </message>
  <message>
   <source>it has Cropsight {found}, and the client {wanted}. Install the same on all machines.</source>
   <translation>Er hat Cropsight {found}, dieser Rechner {wanted}. Installieren Sie überall dasselbe.</translation>
  </message>
  <message>
   <source>it has other weights than the client. Install the same on all machines.</source>
   <translation>Er hat andere Gewichte als dieser Rechner. Installieren Sie überall dasselbe.</translation>
  </message>
  <message>
   <source>Worker {worker}: {reason}</source>
   <translation>Arbeitsprozess {worker}: {reason}</translation>
  </message>
  <message>
   <source>{folder} is not the folder that the client sees. Give a folder that all machines share under one path, or an s3:// address.</source>
   <translation>{folder} ist nicht der Ordner, den dieser Rechner sieht. Geben Sie einen Ordner an, den alle Rechner unter demselben Pfad sehen, oder eine s3://-Adresse.</translation>
  </message>
  <message>
   <source>For {seconds} seconds the cluster has had no worker. Start one, and go on with --resume.</source>
   <translation>Seit {seconds} Sekunden hat der Cluster keinen Arbeitsprozess. Starten Sie einen und machen Sie mit --resume weiter.</translation>
  </message>
  <message>
   <source>The scheduler at {address} is gone. Start it, and go on with --resume.</source>
   <translation>Der Scheduler unter {address} ist weg. Starten Sie ihn und machen Sie mit --resume weiter.</translation>
  </message>
  <message>
   <source>--cluster {choice}: takes at least one process, as in local:2.</source>
   <translation>--cluster {choice}: Mindestens ein Prozess ist nötig, wie in local:2.</translation>
  </message>
  <message>
   <source>--cluster {choice}: no scheduler answers there ({reason}). Start one with: dask scheduler; or give local:N for N processes on this machine.</source>
   <translation>--cluster {choice}: Dort antwortet kein Scheduler ({reason}). Starten Sie einen mit: dask scheduler; oder geben Sie local:N für N Prozesse auf diesem Rechner an.</translation>
  </message>
  <message>
   <source>--cluster {choice}: the scheduler has no workers. Start some with: dask worker {address}</source>
   <translation>--cluster {choice}: Der Scheduler hat keine Arbeitsprozesse. Starten Sie welche mit: dask worker {address}</translation>
  </message>
  <message>
   <source>The preset {file} asks for the method {method}: choose default, {choices}.</source>
   <translation>Die Vorgabe {file} verlangt die Methode {method}: Wählen Sie default, {choices}.</translation>
  </message>
  <message>
   <source>Worker {worker}: it has no Cropsight ({reason}). Install it there: pip install 'cropsight[cluster]'</source>
   <translation>Arbeitsprozess {worker}: Dort fehlt Cropsight ({reason}). Installieren Sie es dort: pip install 'cropsight[cluster]'</translation>
  </message>
  <message>
   <source>A worker cannot take part ({reason}). Install there: pip install 'cropsight[cluster]'</source>
   <translation>Ein Arbeitsprozess kann nicht mitmachen ({reason}). Installieren Sie dort: pip install 'cropsight[cluster]'</translation>
  </message>
  <message>
   <source>{place}: crops cannot go to the folder of the photos itself, where a next batch would take them for photos. Choose another, such as one inside it.</source>
   <translation>{place}: Ausschnitte können nicht in den Ordner der Fotos selbst, wo sie der nächste Stapel für Fotos hielte. Wählen Sie einen anderen, etwa einen darin.</translation>
  </message>
  <message>
   <source>takes no list of the photos: {reason}.</source>
   <translation>nimmt die Liste der Fotos nicht auf: {reason}.</translation>
  </message>
  <message>
   <source>Free some space there, or set TMPDIR to another folder.</source>
   <translation>Schaffen Sie dort Platz oder setzen Sie TMPDIR auf einen anderen Ordner.</translation>
  </message>
  <message>
   <source>could not be written: {reason}</source>
   <translation>konnte nicht geschrieben werden: {reason}</translation>
  </message>
  <message>
   <source>Go on with --resume.</source>
   <translation>Machen Sie mit --resume weiter.</translation>
  </message>
  <message>
   <source>could not be fetched: {reason}.</source>
   <translation>konnte nicht geholt werden: {reason}.</translation>
  </message>
  <message>
   <source>Free some space.</source>
   <translation>Schaffen Sie Platz.</translation>
  </message>
  <message>
   <source>may not be read.</source>
   <translation>darf nicht gelesen werden.</translation>
  </message>
  <message>
   <source>Change its permissions.</source>
   <translation>Ändern Sie seine Rechte.</translation>
  </message>
  <message>
   <source>Try it again with --resume.</source>
   <translation>Versuchen Sie es mit --resume noch einmal.</translation>
  </message>
  <message>
   <source>{place}: crops cannot go there from several machines: {reason}. It takes a file system that can be written to and knows hard links, or an s3:// address.</source>
   <translation>{place}: Dorthin können Ausschnitte nicht von mehreren Rechnern aus: {reason}. Nötig ist ein beschreibbares Dateisystem mit harten Links oder eine s3://-Adresse.</translation>
  </message>
  <message>
   <source>{place}: crops cannot go there, because this server passes over conditions (If-None-Match): what is there could be overwritten. Choose another store, or a folder.</source>
   <translation>{place}: Dorthin können Ausschnitte nicht, weil dieser Server Bedingungen (If-None-Match) übergeht: Was dort ist, könnte überschrieben werden. Wählen Sie einen anderen Speicher oder einen Ordner.</translation>
  </message>
  <message>
   <source>{place}: crops can go to a folder or to s3://, not to {scheme}://: of that store Cropsight cannot be sure that it never overwrites a file. Photos can be read from there.</source>
   <translation>{place}: Ausschnitte können in einen Ordner oder nach s3://, nicht nach {scheme}://: Von diesem Speicher ist nicht sicher, dass er nie eine Datei überschreibt. Fotos können von dort gelesen werden.</translation>
  </message>
  <message>
   <source>{place}: {reason}. Install what it needs with: pip install 'cropsight[cluster]'</source>
   <translation>{place}: {reason}. Installieren Sie, was es braucht, mit: pip install 'cropsight[cluster]'</translation>
  </message>
  <message>
   <source>{place}: there is no such bucket or folder. Create it, or correct the URL.</source>
   <translation>{place}: Diesen Bucket oder Ordner gibt es nicht. Legen Sie ihn an oder berichtigen Sie die URL.</translation>
  </message>
  <message>
   <source>{place}: access is refused: {reason}. Give credentials where the store's tools look for them, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose another place.</source>
   <translation>{place}: Der Zugang wird verweigert: {reason}. Geben Sie Zugangsdaten dort an, wo die Werkzeuge des Speichers sie suchen, etwa AWS_ACCESS_KEY_ID und AWS_SECRET_ACCESS_KEY, oder wählen Sie einen anderen Ort.</translation>
  </message>
  <message>
   <source>{place}: the store cannot be reached: {reason}. See to the network and its address.</source>
   <translation>{place}: Der Speicher ist nicht zu erreichen: {reason}. Prüfen Sie Netz und Adresse.</translation>
  </message>
  <message>
   <source>{place}: the store fails: {reason}.</source>
   <translation>{place}: Der Speicher versagt: {reason}.</translation>
  </message>
  <message>
   <source>A scene comes from encode(image); this is {kind}.</source>
   <translation>Eine Szene kommt aus encode(image); dies ist {kind}.</translation>
  </message>
  <message>
   <source>k is a whole number of crops, not {k}.</source>
   <translation>k ist eine ganze Zahl von Ausschnitten, nicht {k}.</translation>
  </message>
  <message>
   <source>At least 1 crop can be asked for, not {count}.</source>
   <translation>Mindestens 1 Ausschnitt ist zu verlangen, nicht {count}.</translation>
  </message>
  <message>
   <source>Several images are wanted: put a single one in a list.</source>
   <translation>Mehrere Bilder werden erwartet: ein einzelnes in eine Liste setzen.</translation>
  </message>
  <message>
   <source>The graphics card has no memory left. Close other programs that use it, or compute on the CPU.</source>
   <translation>Die Grafikkarte hat keinen Speicher mehr frei. Andere Programme schließen, die sie nutzen, oder auf der CPU rechnen.</translation>
  </message>
  <message>
   <source>{wanted!r} is no device: choose one of {choices}, or a card such as cuda:1.</source>
   <translation>{wanted!r} ist kein Gerät: eines von {choices} oder eine Karte wie cuda:1 wählen.</translation>
  </message>
  <message>
   <source>No GPU found: running on the CPU.</source>
   <translation>Keine GPU gefunden: Es rechnet der Prozessor.</translation>
  </message>
  <message>
   <source>There is no usable {device} device here; choose auto or cpu instead.</source>
   <translation>Hier gibt es kein brauchbares {device}-Gerät; stattdessen auto oder cpu wählen.</translation>
  </message>
  <message>
   <source>There is no card {wanted} here: they are counted from cuda:0 to cuda:{last}.</source>
   <translation>Eine Karte {wanted} gibt es hier nicht: Sie zählen von cuda:0 bis cuda:{last}.</translation>
  </message>
  <message>
   <source>Text can be found in photos of files only, not in pixels.</source>
   <translation>Text lässt sich nur in Fotos aus Dateien finden, nicht in Pixeln.</translation>
  </message>
  <message>
   <source>errors is 'raise' or 'return', not {errors!r}.</source>
   <translation>errors ist 'raise' oder 'return', nicht {errors!r}.</translation>
  </message>
  <message>
   <source>There is no map {name!r}; choose from {choices}.</source>
   <translation>Eine Karte {name!r} gibt es nicht; zur Wahl stehen {choices}.</translation>
  </message>
  <message>
   <source>There is no method {method!r}; choose from {choices}.</source>
   <translation>Ein Verfahren {method!r} gibt es nicht; zur Wahl stehen {choices}.</translation>
  </message>
  <message>
   <source>{place} holds weights that follow a paper: graphs are made of the product's trunk, size of input and gaze head alone. Torch computes these.</source>
   <translation>{place} enthält Gewichte nach einem Aufsatz: Graphen gibt es nur für Encoder, Eingangsgröße und Blick-Kopf des Programms. Diese rechnet Torch.</translation>
  </message>
  <message>
   <source>{trouble} Until then torch computes, which starts more slowly.</source>
   <translation>{trouble} Bis dahin rechnet torch, was langsamer startet.</translation>
  </message>
  <message>
   <source>centre</source>
   <translation>Mitte</translation>
  </message>
  <message>
   <source>middle</source>
   <translation>Mittelfeld</translation>
  </message>
  <message>
   <source>border</source>
   <translation>Rand</translation>
  </message>
  <message>
   <source>right</source>
   <translation>rechts</translation>
  </message>
  <message>
   <source>below</source>
   <translation>unten</translation>
  </message>
  <message>
   <source>left</source>
   <translation>links</translation>
  </message>
  <message>
   <source>above</source>
   <translation>oben</translation>
  </message>
  <message>
   <source>Where people look; 1 is an even gaze over the photo</source>
   <translation>Wohin Menschen blicken; 1 ist ein gleichmäßiger Blick über das Foto</translation>
  </message>
  <message>
   <source>What a crop gains by keeping this place; 0 is the mean of the photo</source>
   <translation>Was ein Ausschnitt gewinnt, der diese Stelle behält; 0 ist das Mittel des Fotos</translation>
  </message>
  <message>
   <source>How much it matters where in the crop this place comes to lie</source>
   <translation>Wie sehr es darauf ankommt, wo im Ausschnitt diese Stelle liegt</translation>
  </message>
  <message>
   <source>How surely a crop of this ratio keeps this place</source>
   <translation>Wie sicher ein Ausschnitt dieses Verhältnisses diese Stelle behält</translation>
  </message>
  <message>
   <source>What lights up the encoder's layers, by sfrc's attention; most on layers {layers}</source>
   <translation>Was in den Schichten des Encoders aufleuchtet, nach der Aufmerksamkeit von SFRC; am meisten in den Schichten {layers}</translation>
  </message>
  <message>
   <source>What each place adds to this crop's score where it lies in it</source>
   <translation>Was jede Stelle zur Wertung dieses Ausschnitts beiträgt, so wie sie darin liegt</translation>
  </message>
  <message>
   <source>This crop</source>
   <translation>Dieser Ausschnitt</translation>
  </message>
  <message>
   <source>partition {number}</source>
   <translation>Teil {number}</translation>
  </message>
  <message>
   <source>These sfrc weights pay no attention to the encoder's layers.</source>
   <translation>Diese Gewichte von SFRC beachten die Schichten des Encoders nicht.</translation>
  </message>
  <message>
   <source>These weights have no asm, whose map explains crops.</source>
   <translation>Diesen Gewichten fehlt ASM, dessen Karte Ausschnitte erklärt.</translation>
  </message>
  <message>
   <source>There is no head and no single object in the crop by which others could be placed.</source>
   <translation>Im Ausschnitt ist kein Kopf und kein einzelner Gegenstand, nach dem sich andere richten könnten.</translation>
  </message>
  <message>
   <source>Crops are matched in photos of files; encode a path or a Photo.</source>
   <translation>Ausschnitte werden in Fotos aus Dateien angeglichen; einen Pfad oder ein Photo kodieren.</translation>
  </message>
  <message>
   <source>Finding text needs the package rapidocr. Install it with: pip install 'cropsight[text]'</source>
   <translation>Text zu finden braucht das Paket rapidocr. Installieren Sie es mit: pip install 'cropsight[text]'</translation>
  </message>
  <message>
   <source>These weights have no gaze head, which this looks at.</source>
   <translation>Diesen Gewichten fehlt der Blick-Kopf, den dies braucht.</translation>
  </message>
  <message>
   <source>{name}.json does not suit this version ({reason}). Update or reinstall Cropsight.</source>
   <translation>{name}.json passt nicht zu dieser Version ({reason}). Cropsight aktualisieren oder neu installieren.</translation>
  </message>
  <message>
   <source>The {name} weights were trained on another encoder. Reinstall Cropsight to get a matching set.</source>
   <translation>Die Gewichte von {name} wurden mit einem anderen Encoder trainiert. Cropsight neu installieren, damit alles zusammenpasst.</translation>
  </message>
  <message>
   <source>{place} holds no method's weights. Choose another folder.</source>
   <translation>{place} enthält keine Gewichte eines Verfahrens. Einen anderen Ordner wählen.</translation>
  </message>
  <message>
   <source>The {name} weights look at gaze, and {place} holds no saliency weights. Put those of its encoder beside them.</source>
   <translation>Die Gewichte von {name} brauchen den Blick, und {place} enthält keine Gewichte „saliency“. Die ihres Encoders daneben legen.</translation>
  </message>
  <message>
   <source>The cascade's rule was fitted on other weights. Reinstall Cropsight to get a matching set.</source>
   <translation>Die Regel der Kaskade wurde mit anderen Gewichten angepasst. Cropsight neu installieren, damit alles zusammenpasst.</translation>
  </message>
  <message>
   <source>Tightness is a number from 0 to 1, not {tightness}.</source>
   <translation>Die Enge ist eine Zahl von 0 bis 1, nicht {tightness}.</translation>
  </message>
  <message>
   <source>The engine failed on the photo ({reason}). Close other programs, or try --device cpu.</source>
   <translation>Die Engine ist an dem Foto gescheitert ({reason}). Andere Programme schließen oder auf der CPU rechnen (--device cpu).</translation>
  </message>
  <message>
   <source>no such file or directory</source>
   <translation>keine solche Datei und kein solcher Ordner</translation>
  </message>
  <message>
   <source>permission denied</source>
   <translation>Zugriff verweigert</translation>
  </message>
  <message>
   <source>operation not permitted</source>
   <translation>nicht erlaubt</translation>
  </message>
  <message>
   <source>read-only file system</source>
   <translation>nur zum Lesen eingebunden</translation>
  </message>
  <message>
   <source>no space left on device</source>
   <translation>kein Platz mehr auf dem Datenträger</translation>
  </message>
  <message>
   <source>disk quota exceeded</source>
   <translation>Speicherkontingent ausgeschöpft</translation>
  </message>
  <message>
   <source>input/output error</source>
   <translation>Ein-/Ausgabefehler</translation>
  </message>
  <message>
   <source>not a directory</source>
   <translation>kein Ordner</translation>
  </message>
  <message>
   <source>is a directory</source>
   <translation>ein Ordner</translation>
  </message>
  <message>
   <source>device or resource busy</source>
   <translation>wird gerade benutzt</translation>
  </message>
  <message>
   <source>file name too long</source>
   <translation>zu langer Dateiname</translation>
  </message>
  <message>
   <source>too many open files</source>
   <translation>zu viele offene Dateien</translation>
  </message>
  <message>
   <source>Developed plainly by LibRaw, with the camera's white balance.</source>
   <translation>Von LibRaw schlicht entwickelt, mit dem Weißabgleich der Kamera.</translation>
  </message>
  <message>
   <source>{width} x {height} pixels are more than the {megapixels} megapixels that can be written.</source>
   <translation>{width} x {height} Pixel sind mehr als die {megapixels} Megapixel, die geschrieben werden können.</translation>
  </message>
  <message>
   <source>Choose a smaller size.</source>
   <translation>Eine kleinere Größe wählen.</translation>
  </message>
  <message>
   <source>{width} x {height} pixels are more than a {format} file can hold.</source>
   <translation>{width} x {height} Pixel sind mehr, als eine {format}-Datei fasst.</translation>
  </message>
  <message>
   <source>Choose a long side of at most {longest} pixels, or another format.</source>
   <translation>Eine lange Seite von höchstens {longest} Pixel oder ein anderes Format wählen.</translation>
  </message>
  <message>
   <source>does not fit in memory.</source>
   <translation>passt nicht in den Speicher.</translation>
  </message>
  <message>
   <source>Close other programs or choose a smaller size.</source>
   <translation>Andere Programme schließen oder eine kleinere Größe wählen.</translation>
  </message>
  <message>
   <source>could not be made into a {format} file: {reason}.</source>
   <translation>ließ sich nicht als {format}-Datei schreiben: {reason}.</translation>
  </message>
  <message>
   <source>Try another format.</source>
   <translation>Ein anderes Format versuchen.</translation>
  </message>
  <message>
   <source>Not cut without loss: {reason}.</source>
   <translation>Nicht verlustfrei geschnitten: {reason}.</translation>
  </message>
  <message>
   <source>only a JPEG of a JPEG can be</source>
   <translation>das geht nur von JPEG zu JPEG</translation>
  </message>
  <message>
   <source>the library libturbojpeg is not installed</source>
   <translation>die Bibliothek libturbojpeg ist nicht installiert</translation>
  </message>
  <message>
   <source>JPEGs of this kind cannot be</source>
   <translation>bei JPEGs dieser Art geht es nicht</translation>
  </message>
  <message>
   <source>it is straightened</source>
   <translation>er ist gerade gerichtet</translation>
  </message>
  <message>
   <source>it is resized</source>
   <translation>seine Größe wird geändert</translation>
  </message>
  <message>
   <source>it is a circle</source>
   <translation>er ist ein Kreis</translation>
  </message>
  <message>
   <source>its EXIF data have no place for the turn</source>
   <translation>die EXIF-Daten haben keinen Platz für die Drehung</translation>
  </message>
  <message>
   <source>Printed at {paper} the crop has {ppi} pixels per inch; below {least} it looks soft.</source>
   <translation>Auf {paper} gedruckt hat der Ausschnitt {ppi} Pixel pro Zoll; unter {least} wirkt er weich.</translation>
  </message>
  <message>
   <source>Enlarged {scale:.2f} times: the crop has fewer pixels than asked.</source>
   <translation>{scale:.2f}-fach vergrößert: Der Ausschnitt hat weniger Pixel als gewünscht.</translation>
  </message>
  <message>
   <source>The crop was trimmed to the ratio of the size asked for.</source>
   <translation>Der Ausschnitt wurde auf das Verhältnis der gewünschten Größe gestutzt.</translation>
  </message>
  <message>
   <source>The crop reached over the edge of the straightened photo and was shrunk.</source>
   <translation>Der Ausschnitt ragte über den Rand des begradigten Fotos und wurde verkleinert.</translation>
  </message>
  <message>
   <source>The disk is full.</source>
   <translation>Der Datenträger ist voll.</translation>
  </message>
  <message>
   <source>{folder} may not be written to.</source>
   <translation>In {folder} darf nicht geschrieben werden.</translation>
  </message>
  <message>
   <source>{folder} is not a folder.</source>
   <translation>{folder} ist kein Ordner.</translation>
  </message>
  <message>
   <source>A template names a file, not a folder: leave out the slash.</source>
   <translation>Ein Muster benennt eine Datei, keinen Ordner: ohne Schrägstrich.</translation>
  </message>
  <message>
   <source>{template!r} has a brace without its partner; write {{{{ for a plain brace.</source>
   <translation>{template!r} hat eine Klammer ohne ihr Gegenstück; für eine bloße Klammer {{{{ schreiben.</translation>
  </message>
  <message>
   <source>{{{field}}} is no field: use {known}.</source>
   <translation>{{{field}}} ist kein Feld: möglich sind {known}.</translation>
  </message>
  <message>
   <source>{{{field}}} takes no such form; numbers take {{n:03}}.</source>
   <translation>{{{field}}} lässt sich so nicht formatieren; bei Zahlen geht {{n:03}}.</translation>
  </message>
  <message>
   <source>A template needs at least one letter or field.</source>
   <translation>Ein Muster braucht mindestens einen Buchstaben oder ein Feld.</translation>
  </message>
  <message>
   <source>{format!r} is no format: choose keep, {choices}.</source>
   <translation>{format!r} ist kein Format: keep, {choices} wählen.</translation>
  </message>
  <message>
   <source>Quality is a number from 1 to 100.</source>
   <translation>Die Qualität ist eine Zahl von 1 bis 100.</translation>
  </message>
  <message>
   <source>{metadata!r} is no choice for metadata: {choices}.</source>
   <translation>{metadata!r} geht nicht für Metadaten: {choices}.</translation>
  </message>
  <message>
   <source>A background is three numbers from 0 to 255: red, green, blue.</source>
   <translation>Ein Hintergrund sind drei Zahlen von 0 bis 255: Rot, Grün, Blau.</translation>
  </message>
  <message>
   <source>Converted from CMYK to sRGB.</source>
   <translation>Von CMYK nach sRGB umgewandelt.</translation>
  </message>
  <message>
   <source>{bits} bits per channel became {fewer}.</source>
   <translation>Aus {bits} Bit je Kanal wurden {fewer}.</translation>
  </message>
  <message>
   <source>Transparent parts were filled with the background colour.</source>
   <translation>Durchsichtige Stellen wurden mit der Hintergrundfarbe gefüllt.</translation>
  </message>
  <message>
   <source>The transparent colour was left out.</source>
   <translation>Die durchsichtige Farbe wurde weggelassen.</translation>
  </message>
  <message>
   <source>The further channels (masks, spot colours) were left out.</source>
   <translation>Die weiteren Kanäle (Masken, Schmuckfarben) wurden weggelassen.</translation>
  </message>
  <message>
   <source>HDR ({kind}) is kept as numbers, with a profile that shows it in standard range.</source>
   <translation>HDR ({kind}) bleibt als Zahlen erhalten, mit einem Profil, das es im Standardumfang zeigt.</translation>
  </message>
  <message>
   <source>HDR ({kind}) was converted to standard range.</source>
   <translation>HDR ({kind}) wurde in den Standardumfang umgerechnet.</translation>
  </message>
  <message>
   <source>The HDR gain map was left out: the crop is in standard range.</source>
   <translation>Die HDR-Gain-Map wurde weggelassen: Der Ausschnitt ist im Standardumfang.</translation>
  </message>
  <message>
   <source>The depth map was left out: it belongs to the whole photo.</source>
   <translation>Die Tiefenkarte wurde weggelassen: Sie gehört zum ganzen Foto.</translation>
  </message>
  <message>
   <source>The video of the motion photo was left out.</source>
   <translation>Das Video des bewegten Fotos wurde weggelassen.</translation>
  </message>
  <message>
   <source>The extended XMP data ({size} kB) were left out.</source>
   <translation>Die erweiterten XMP-Daten ({size} kB) wurden weggelassen.</translation>
  </message>
  <message>
   <source>The IPTC data were left out: {format} has no place for them.</source>
   <translation>Die IPTC-Daten wurden weggelassen: {format} hat keinen Platz für sie.</translation>
  </message>
  <message>
   <source>The density was left out: {format} has no place for it.</source>
   <translation>Die Auflösung (dpi) wurde weggelassen: {format} hat keinen Platz für sie.</translation>
  </message>
  <message>
   <source>The texts of the PNG were left out: {format} has no place for them.</source>
   <translation>Die Texte des PNG wurden weggelassen: {format} hat keinen Platz für sie.</translation>
  </message>
  <message>
   <source>The comment was left out: {format} has no place for it.</source>
   <translation>Der Kommentar wurde weggelassen: {format} hat keinen Platz für ihn.</translation>
  </message>
  <message>
   <source>The map reference was left out: it holds for the whole photo only.</source>
   <translation>Der Kartenbezug wurde weggelassen: Er gilt nur für das ganze Foto.</translation>
  </message>
  <message>
   <source>cannot be exported ({reason}).</source>
   <translation>lässt sich nicht exportieren ({reason}).</translation>
  </message>
  <message>
   <source>is one file under several names (a hard link).</source>
   <translation>ist eine Datei unter mehreren Namen (ein Hardlink).</translation>
  </message>
  <message>
   <source>holds a photo under a name of Cropsight's own files.</source>
   <translation>enthält ein Foto unter einem Namen, den Cropsight für eigene Dateien verwendet.</translation>
  </message>
  <message>
   <source>is a link to another file.</source>
   <translation>ist eine Verknüpfung mit einer anderen Datei.</translation>
  </message>
  <message>
   <source>is a device or a pipe, not a file.</source>
   <translation>ist ein Gerät oder eine Pipe, keine Datei.</translation>
  </message>
  <message>
   <source>is larger than any file of its kind.</source>
   <translation>ist größer als jede Datei dieser Art.</translation>
  </message>
  <message>
   <source>could not be looked into: {reason}.</source>
   <translation>ließ sich nicht durchsehen: {reason}.</translation>
  </message>
  <message>
   <source>Change the permissions of the folder.</source>
   <translation>Die Rechte des Ordners ändern.</translation>
  </message>
  <message>
   <source>{path}: crops cannot go to the folder of the photos itself, where a next batch would take them for photos. Choose another, such as one inside it.</source>
   <translation>{path}: Ausschnitte können nicht in den Ordner der Fotos selbst, wo ein nächster Stapel sie für Fotos hielte. Einen anderen wählen, etwa einen darin.</translation>
  </message>
  <message>
   <source>An aspect is {choices}, not {kind!r}.</source>
   <translation>Ein Verhältnis ist {choices}, nicht {kind!r}.</translation>
  </message>
  <message>
   <source>A ratio is two positive numbers, such as 4:5.</source>
   <translation>Ein Verhältnis sind zwei positive Zahlen, etwa 4:5.</translation>
  </message>
  <message>
   <source>The ratio {ratio} is beyond 1:100 or 100:1; choose one in between.</source>
   <translation>Das Verhältnis {ratio} liegt jenseits von 1:100 oder 100:1; eines dazwischen wählen.</translation>
  </message>
  <message>
   <source>{text!r} is no aspect: write free, original, circle, a ratio such as 4:5, a number such as 1.91, or a paper size such as 10x15 cm.</source>
   <translation>{text!r} ist kein Verhältnis: Schreiben Sie free, original, circle, ein Verhältnis wie 4:5, eine Zahl wie 1,91 oder eine Papiergröße wie 10x15 cm.</translation>
  </message>
  <message>
   <source>{text!r} is no ratio: it must be a positive number.</source>
   <translation>{text!r} ist kein Verhältnis: Es muss eine positive Zahl sein.</translation>
  </message>
  <message>
   <source>A ratio is a positive number.</source>
   <translation>Ein Verhältnis ist eine positive Zahl.</translation>
  </message>
  <message>
   <source>An aspect is a text such as '4:5' or an Aspect, not {aspect}.</source>
   <translation>Ein Verhältnis ist ein Text wie '4:5' oder ein Aspect, nicht {aspect}.</translation>
  </message>
  <message>
   <source>A box has four numbers (x1, y1, x2, y2), not shape {shape}.</source>
   <translation>Ein Rechteck hat vier Zahlen (x1, y1, x2, y2), nicht die Form {shape}.</translation>
  </message>
  <message>
   <source>A box has four finite numbers.</source>
   <translation>Ein Rechteck hat vier endliche Zahlen.</translation>
  </message>
  <message>
   <source>Pixels are computed for one box at a time.</source>
   <translation>Pixel werden für je ein Rechteck berechnet.</translation>
  </message>
  <message>
   <source>A ratio is a positive number, not {ratio}.</source>
   <translation>Ein Verhältnis ist eine positive Zahl, nicht {ratio}.</translation>
  </message>
  <message>
   <source>A crop has four finite numbers (x1, y1, x2, y2) and such an angle.</source>
   <translation>Ein Ausschnitt hat vier endliche Zahlen (x1, y1, x2, y2) und einen ebensolchen Winkel.</translation>
  </message>
  <message>
   <source>A crop has an area: x1 &lt; x2 and y1 &lt; y2, not {box}.</source>
   <translation>Ein Ausschnitt hat eine Fläche: x1 &lt; x2 und y1 &lt; y2, nicht {box}.</translation>
  </message>
  <message>
   <source>Saliency</source>
   <translation>Blickfang</translation>
  </message>
  <message>
   <source>Content</source>
   <translation>Inhalt</translation>
  </message>
  <message>
   <source>Sensitivity</source>
   <translation>Empfindlichkeit</translation>
  </message>
  <message>
   <source>Area</source>
   <translation>Fläche</translation>
  </message>
  <message>
   <source>Attention</source>
   <translation>Aufmerksamkeit</translation>
  </message>
  <message>
   <source>{shape!r} is no shape</source>
   <translation>{shape!r} ist keine Form</translation>
  </message>
  <message>
   <source>a crop has an area</source>
   <translation>ein Ausschnitt hat eine Fläche</translation>
  </message>
  <message>
   <source>a box is a list of four numbers</source>
   <translation>ein Rechteck ist eine Liste von vier Zahlen</translation>
  </message>
  <message>
   <source>the sides of a box are in the wrong order</source>
   <translation>die Seiten eines Rechtecks stehen in falscher Reihenfolge</translation>
  </message>
  <message>
   <source>it is no number</source>
   <translation>es ist keine Zahl</translation>
  </message>
  <message>
   <source>it is no number from {least:g} to {most:g}</source>
   <translation>es ist keine Zahl von {least:g} bis {most:g}</translation>
  </message>
  <message>
   <source>it is no whole number from {least} to {most}</source>
   <translation>es ist keine ganze Zahl von {least} bis {most}</translation>
  </message>
  <message>
   <source>It takes x, y, width and height in pixels (10 20 300 400), centre and a size (centre 300 400), a box in fractions (0.1 0.2 0.9 0.8), or the JSON of cropcore crop.</source>
   <translation>Es sind x, y, Breite und Höhe in Pixeln (10 20 300 400), centre und eine Größe (centre 300 400), ein Rechteck in Bruchteilen (0.1 0.2 0.9 0.8) oder das JSON von cropcore crop.</translation>
  </message>
  <message>
   <source>{text!r} lies beyond the photo, which has {width} x {height} pixels.</source>
   <translation>{text!r} liegt außerhalb des Fotos, das {width} x {height} Pixel hat.</translation>
  </message>
  <message>
   <source>{text!r} is no crop. {wanted}</source>
   <translation>{text!r} ist kein Ausschnitt. {wanted}</translation>
  </message>
  <message>
   <source>A crop is four numbers x1,y1,x2,y2 with x1 &lt; x2 and y1 &lt; y2, as fractions of the upright photo (0.1,0.2,0.9,0.8) or as its pixels (100px,200px,900px,800px).</source>
   <translation>Ein Ausschnitt sind vier Zahlen x1,y1,x2,y2 mit x1 &lt; x2 und y1 &lt; y2, als Bruchteile des aufrechten Fotos (0.1,0.2,0.9,0.8) oder als seine Pixel (100px,200px,900px,800px).</translation>
  </message>
  <message>
   <source>{text!r} is beyond the photo. {wanted}</source>
   <translation>{text!r} liegt außerhalb des Fotos. {wanted}</translation>
  </message>
  <message>
   <source>A photo is straightened by at most {most} degrees, not {angle}.</source>
   <translation>Ein Foto wird um höchstens {most} Grad begradigt, nicht um {angle}.</translation>
  </message>
  <message>
   <source>{crop} is beyond the photo, which has {width} x {height} pixels.</source>
   <translation>{crop} liegt außerhalb des Fotos, das {width} x {height} Pixel hat.</translation>
  </message>
  <message>
   <source>A crop is a Crop, a candidate, or a box (x1, y1, x2, y2), not {given}.</source>
   <translation>Ein Ausschnitt ist ein Crop, ein Kandidat oder ein Rechteck (x1, y1, x2, y2), nicht {given}.</translation>
  </message>
  <message>
   <source>One box is wanted, (x1, y1, x2, y2), not the shape {shape}.</source>
   <translation>Ein Rechteck wird erwartet, (x1, y1, x2, y2), nicht die Form {shape}.</translation>
  </message>
  <message>
   <source>Crops come as a list or an array (N, 4): put a single one in a list.</source>
   <translation>Ausschnitte kommen als Liste oder als Array (N, 4): einen einzelnen in eine Liste setzen.</translation>
  </message>
  <message>
   <source>A box is in fractions of the photo, from 0 to 1, not {number:g}. Divide pixels by the width (x1, x2) and the height (y1, y2) of the upright photo.</source>
   <translation>Ein Rechteck steht in Bruchteilen des Fotos, von 0 bis 1, nicht {number:g}. Pixel durch Breite (x1, x2) und Höhe (y1, y2) des aufrechten Fotos teilen.</translation>
  </message>
  <message>
   <source>A pattern is head or object, the subject's box in the crop as shares of it, and the crop's width over height: head:0.3,0.2,0.7,0.6:0.8</source>
   <translation>Ein Muster ist head oder object, das Rechteck des Motivs im Ausschnitt in Anteilen von ihm, und Breite durch Höhe des Ausschnitts: head:0.3,0.2,0.7,0.6:0.8</translation>
  </message>
  <message>
   <source>{text!r} is no pattern. {wanted}</source>
   <translation>{text!r} ist kein Muster. {wanted}</translation>
  </message>
  <message>
   <source>Only a ratio or a circle can be cut from a crop later.</source>
   <translation>Aus einem Ausschnitt lässt sich später nur ein Verhältnis oder ein Kreis schneiden.</translation>
  </message>
  <message>
   <source>A print is larger than nothing and at most 10 metres a side.</source>
   <translation>Ein Druck ist größer als nichts und hat höchstens 10 Meter je Seite.</translation>
  </message>
  <message>
   <source>A print has 1 to {most} pixels per inch, such as 10x15 cm@300.</source>
   <translation>Ein Druck hat 1 bis {most} Pixel pro Zoll, etwa 10x15 cm@300.</translation>
  </message>
  <message>
   <source>A line has two different ends; draw a longer one.</source>
   <translation>Eine Linie hat zwei verschiedene Enden; eine längere ziehen.</translation>
  </message>
  <message>
   <source>Stopped before it was finished.</source>
   <translation>Vor dem Ende abgebrochen.</translation>
  </message>
  <message>
   <source>The image cannot be decoded: {reason}.</source>
   <translation>Das Bild lässt sich nicht dekodieren: {reason}.</translation>
  </message>
  <message>
   <source>An image of whole numbers has values from 0 to 65535.</source>
   <translation>Ein Bild aus ganzen Zahlen hat Werte von 0 bis 65535.</translation>
  </message>
  <message>
   <source>An image is a path, a Pillow image, a Photo or a NumPy array, not {kind}.</source>
   <translation>Ein Bild ist ein Pfad, ein Pillow-Bild, ein Photo oder ein NumPy-Array, nicht {kind}.</translation>
  </message>
  <message>
   <source>An array has the shape (height, width), or (height, width, channels) with 1, 3 or 4 channels, not {shape}.</source>
   <translation>Ein Array hat die Form (Höhe, Breite) oder (Höhe, Breite, Kanäle) mit 1, 3 oder 4 Kanälen, nicht {shape}.</translation>
  </message>
  <message>
   <source>An array of floats has values from 0 to 1; this one holds NaN.</source>
   <translation>Ein Array aus Gleitkommazahlen hat Werte von 0 bis 1; dieses enthält NaN.</translation>
  </message>
  <message>
   <source>An array of floats has values from 0 to 1, not from {low:g} to {high:g}.</source>
   <translation>Ein Array aus Gleitkommazahlen hat Werte von 0 bis 1, nicht von {low:g} bis {high:g}.</translation>
  </message>
  <message>
   <source>An array holds uint8, uint16 or floats from 0 to 1, not {dtype}.</source>
   <translation>Ein Array enthält uint8, uint16 oder Gleitkommazahlen von 0 bis 1, nicht {dtype}.</translation>
  </message>
  <message>
   <source>An image has pixels; this one is {width} x {height}.</source>
   <translation>Ein Bild hat Pixel; dieses hat {width} x {height}.</translation>
  </message>
  <message>
   <source>An image has at most {megapixels} megapixels, not {width} x {height} pixels.</source>
   <translation>Ein Bild hat höchstens {megapixels} Megapixel, nicht {width} x {height} Pixel.</translation>
  </message>
  <message>
   <source>is no JPEG that can be cut without loss.</source>
   <translation>ist kein JPEG, das sich verlustfrei schneiden lässt.</translation>
  </message>
  <message>
   <source>Export it with a quality instead.</source>
   <translation>Exportieren Sie es stattdessen mit einer Qualität.</translation>
  </message>
  <message>
   <source>cannot be cut without loss: the library libturbojpeg is not installed.</source>
   <translation>lässt sich nicht verlustfrei schneiden: Die Bibliothek libturbojpeg ist nicht installiert.</translation>
  </message>
  <message>
   <source>Install it, or export with a quality instead.</source>
   <translation>Installieren Sie sie, oder exportieren Sie mit einer Qualität.</translation>
  </message>
  <message>
   <source>Close other programs.</source>
   <translation>Schließen Sie andere Programme.</translation>
  </message>
  <message>
   <source>could not be cut without loss.</source>
   <translation>konnte nicht verlustfrei geschnitten werden.</translation>
  </message>
  <message>
   <source>A size is at most {most} megapixels.</source>
   <translation>Eine Größe hat höchstens {most} Megapixel.</translation>
  </message>
  <message>
   <source>A size is between 1 and {most} pixels a side.</source>
   <translation>Eine Größe liegt zwischen 1 und {most} Pixel je Seite.</translation>
  </message>
  <message>
   <source>A size has more than 0 megapixels.</source>
   <translation>Eine Größe hat mehr als 0 Megapixel.</translation>
  </message>
  <message>
   <source>{text!r} is no size: write 1080x1350, or 2048 for the long side alone, short:1080, 12MP, or a print such as 10x15cm@300.</source>
   <translation>{text!r} ist keine Größe: Schreiben Sie 1080x1350, 2048 für die lange Seite allein, short:1080, 12MP oder einen Druck wie 10x15cm@300.</translation>
  </message>
  <message>
   <source>has changed since it was opened.</source>
   <translation>wurde seit dem Öffnen verändert.</translation>
  </message>
  <message>
   <source>Open it again.</source>
   <translation>Erneut öffnen.</translation>
  </message>
  <message>
   <source>holds 32-bit or floating-point values, which have no fixed white.</source>
   <translation>enthält 32-Bit- oder Gleitkommawerte, die kein festes Weiß haben.</translation>
  </message>
  <message>
   <source>Save it with 8 or 16 bits per channel first.</source>
   <translation>Zuerst mit 8 oder 16 Bit je Kanal sichern.</translation>
  </message>
  <message>
   <source>The file lacks its end; every row of the picture is there.</source>
   <translation>Der Datei fehlt das Ende; jede Zeile des Bildes ist da.</translation>
  </message>
  <message>
   <source>The file is incomplete: {missing} of {rows} rows are missing and grey.</source>
   <translation>Die Datei ist unvollständig: {missing} von {rows} Zeilen fehlen und sind grau.</translation>
  </message>
  <message>
   <source>More than {count} pages: the first is used.</source>
   <translation>Mehr als {count} Seiten: Die erste wird verwendet.</translation>
  </message>
  <message>
   <source>More than {count} pictures: the first is used.</source>
   <translation>Mehr als {count} Bilder: Das erste wird verwendet.</translation>
  </message>
  <message>
   <source>{count} pages: the first is used.</source>
   <translation>{count} Seiten: Die erste wird verwendet.</translation>
  </message>
  <message>
   <source>{count} pictures: the first is used.</source>
   <translation>{count} Bilder: Das erste wird verwendet.</translation>
  </message>
  <message>
   <source>{count} pictures: the main one is used.</source>
   <translation>{count} Bilder: Das Hauptbild wird verwendet.</translation>
  </message>
  <message>
   <source>Animated, {count} frames: the first is used.</source>
   <translation>Animiert, {count} Einzelbilder: Das erste wird verwendet.</translation>
  </message>
  <message>
   <source>Save it with 8 or 16 bits per channel, uncompressed or with LZW.</source>
   <translation>Speichern Sie es mit 8 oder 16 Bit je Kanal, unkomprimiert oder mit LZW.</translation>
  </message>
  <message>
   <source>is damaged or of a kind that cannot be read.</source>
   <translation>ist beschädigt oder von einer Art, die nicht lesbar ist.</translation>
  </message>
  <message>
   <source>Convert it to JPEG, PNG or TIFF first.</source>
   <translation>Zuerst in JPEG, PNG oder TIFF umwandeln.</translation>
  </message>
  <message>
   <source>Close other programs or use a smaller copy.</source>
   <translation>Andere Programme schließen oder eine kleinere Kopie verwenden.</translation>
  </message>
  <message>
   <source>is a raw file, which needs the package rawpy.</source>
   <translation>ist eine Rohdatei und braucht das Paket rawpy.</translation>
  </message>
  <message>
   <source>Install it with: pip install 'cropsight[raw]'</source>
   <translation>Installieren mit: pip install 'cropsight[raw]'</translation>
  </message>
  <message>
   <source>has {width} x {height} pixels, more than the {megapixels} megapixels that can be opened.</source>
   <translation>hat {width} x {height} Pixel, mehr als die {megapixels} Megapixel, die sich öffnen lassen.</translation>
  </message>
  <message>
   <source>Use a smaller copy.</source>
   <translation>Eine kleinere Kopie verwenden.</translation>
  </message>
  <message>
   <source>is {width} x {height} pixels: too thin to crop.</source>
   <translation>hat {width} x {height} Pixel: zu schmal zum Zuschneiden.</translation>
  </message>
  <message>
   <source>Use a larger photo.</source>
   <translation>Ein größeres Foto verwenden.</translation>
  </message>
  <message>
   <source>Choose a photo.</source>
   <translation>Ein Foto wählen.</translation>
  </message>
  <message>
   <source>is empty.</source>
   <translation>ist leer.</translation>
  </message>
  <message>
   <source>Copy it again from where it came from.</source>
   <translation>Noch einmal von dort kopieren, wo es herkam.</translation>
  </message>
  <message>
   <source>is an AVIF file, which this Pillow cannot read.</source>
   <translation>ist eine AVIF-Datei, die dieses Pillow nicht lesen kann.</translation>
  </message>
  <message>
   <source>is not a photo that Cropsight can read.</source>
   <translation>ist kein Foto, das Cropsight lesen kann.</translation>
  </message>
  <message>
   <source>Cropsight reads JPEG, PNG, WebP, TIFF, AVIF and HEIC.</source>
   <translation>Cropsight liest JPEG, PNG, WebP, TIFF, AVIF und HEIC.</translation>
  </message>
  <message>
   <source>HEIC needs the package pillow-heif.</source>
   <translation>HEIC braucht das Paket pillow-heif.</translation>
  </message>
  <message>
   <source>Install it with: pip install 'cropsight[heic]'</source>
   <translation>Installieren mit: pip install 'cropsight[heic]'</translation>
  </message>
  <message>
   <source>is damaged: its header does not end.</source>
   <translation>ist beschädigt: Der Dateikopf endet nicht.</translation>
  </message>
  <message>
   <source>has {width} x {height} pixels, but hardly any data for them.</source>
   <translation>hat {width} x {height} Pixel, aber kaum Daten dafür.</translation>
  </message>
  <message>
   <source>Change the permissions of the file.</source>
   <translation>Die Rechte der Datei ändern.</translation>
  </message>
  <message>
   <source>Try again or copy the file.</source>
   <translation>Erneut versuchen oder die Datei kopieren.</translation>
  </message>
  <message>
   <source>is damaged or incomplete.</source>
   <translation>ist beschädigt oder unvollständig.</translation>
  </message>
  <message>
   <source>is a folder, not a photo.</source>
   <translation>ist ein Ordner, kein Foto.</translation>
  </message>
  <message>
   <source>Choose a photo in it.</source>
   <translation>Ein Foto darin wählen.</translation>
  </message>
  <message>
   <source>is a raw file, which needs developing first.</source>
   <translation>ist eine Rohdatei, die erst entwickelt werden muss.</translation>
  </message>
  <message>
   <source>Open a JPEG or TIFF made from it.</source>
   <translation>Ein daraus gemachtes JPEG oder TIFF öffnen.</translation>
  </message>
  <message>
   <source>The XMP data are too large and are left out.</source>
   <translation>Die XMP-Daten sind zu groß und bleiben weg.</translation>
  </message>
  <message>
   <source>The EXIF data are too large and are left out.</source>
   <translation>Die EXIF-Daten sind zu groß und bleiben weg.</translation>
  </message>
  <message>
   <source>Some of the texts are too large or too many and are left out.</source>
   <translation>Einige der Texte sind zu groß oder zu viele und bleiben weg.</translation>
  </message>
  <message>
   <source>ended the reader of raw files: it is damaged.</source>
   <translation>hat das Lesen von Rohdateien beendet: Die Datei ist beschädigt.</translation>
  </message>
  <message>
   <source>is of a kind that LibRaw does not read.</source>
   <translation>ist von einer Art, die LibRaw nicht liest.</translation>
  </message>
  <message>
   <source>Convert it to DNG first.</source>
   <translation>Zuerst in DNG umwandeln.</translation>
  </message>
  <message>
   <source>is damaged, or its 16-bit values are packed in a way that cannot be read.</source>
   <translation>ist beschädigt, oder seine 16-Bit-Werte sind so gepackt, dass sie sich nicht lesen lassen.</translation>
  </message>
  <message>
   <source>Save it again as PNG or TIFF.</source>
   <translation>Noch einmal als PNG oder TIFF sichern.</translation>
  </message>
  <message>
   <source>is a BigTIFF in big-endian byte order.</source>
   <translation>ist ein BigTIFF mit Big-Endian-Bytefolge.</translation>
  </message>
  <message>
   <source>holds floating-point values, which have no fixed white.</source>
   <translation>enthält Gleitkommawerte, die kein festes Weiß haben.</translation>
  </message>
  <message>
   <source>holds values of {bits} bits.</source>
   <translation>enthält Werte mit {bits} Bit.</translation>
  </message>
  <message>
   <source>is packed by {name} inside a TIFF.</source>
   <translation>ist innerhalb eines TIFF mit {name} gepackt.</translation>
  </message>
  <message>
   <source>holds CIELAB colours of {bits} bits.</source>
   <translation>enthält CIELAB-Farben mit {bits} Bit.</translation>
  </message>
  <message>
   <source>holds {count} channels of {bits} bits.</source>
   <translation>enthält {count} Kanäle mit {bits} Bit.</translation>
  </message>
  <message>
   <source>holds its channels apart, {bits} bits each and packed.</source>
   <translation>enthält seine Kanäle getrennt, je {bits} Bit und gepackt.</translation>
  </message>
  <message>
   <source>holds {bits}-bit values in an arrangement that cannot be read.</source>
   <translation>enthält Werte mit {bits} Bit in einer Anordnung, die nicht gelesen werden kann.</translation>
  </message>
  <message>
   <source>darktable corrects the lens before it crops, so that the crop may differ a little.</source>
   <translation>darktable korrigiert das Objektiv vor dem Zuschneiden; der Ausschnitt kann etwas abweichen.</translation>
  </message>
  <message>
   <source>darktable crops after a change of perspective or rotation, which is not read.</source>
   <translation>darktable schneidet nach einer Änderung von Perspektive oder Drehung zu, die nicht gelesen wird.</translation>
  </message>
  <message>
   <source>The crop there makes no sense and is left out.</source>
   <translation>Der Ausschnitt dort ergibt keinen Sinn und bleibt weg.</translation>
  </message>
  <message>
   <source>is not well formed.</source>
   <translation>ist nicht wohlgeformt.</translation>
  </message>
  <message>
   <source>It is left as it is.</source>
   <translation>Sie bleibt, wie sie ist.</translation>
  </message>
  <message>
   <source>Its XMP {problem}</source>
   <translation>Das XMP darin {problem}</translation>
  </message>
  <message>
   <source>is of a kind of which no copies are made.</source>
   <translation>ist von einer Art, von der keine Kopien gemacht werden.</translation>
  </message>
  <message>
   <source>Copies are made of JPEG, PNG, TIFF and DNG.</source>
   <translation>Kopien werden von JPEG, PNG, TIFF und DNG gemacht.</translation>
  </message>
  <message>
   <source>No copy is made.</source>
   <translation>Es wird keine Kopie gemacht.</translation>
  </message>
  <message>
   <source>is built in a way that no XMP fits in.</source>
   <translation>ist so aufgebaut, dass kein XMP hineinpasst.</translation>
  </message>
  <message>
   <source>is too large for a JPEG with a crop in it.</source>
   <translation>ist mit einem Ausschnitt darin zu groß für ein JPEG.</translation>
  </message>
  <message>
   <source>has no place in this PNG.</source>
   <translation>hat in diesem PNG keinen Platz.</translation>
  </message>
  <message>
   <source>is damaged.</source>
   <translation>ist beschädigt.</translation>
  </message>
  <message>
   <source>is too large.</source>
   <translation>ist zu groß.</translation>
  </message>
  <message>
   <source>{file}: {first} and {other} hold different crops; the newer one is used.</source>
   <translation>{file}: {first} und {other} enthalten verschiedene Ausschnitte; der neuere gilt.</translation>
  </message>
  <message>
   <source>an XMP sidecar</source>
   <translation>eine XMP-Begleitdatei</translation>
  </message>
  <message>
   <source>the photo's own XMP</source>
   <translation>das XMP des Fotos</translation>
  </message>
  <message>
   <source>darktable</source>
   <translation>darktable</translation>
  </message>
  <message>
   <source>RawTherapee</source>
   <translation>RawTherapee</translation>
  </message>
  <message>
   <source>is locked by another program.</source>
   <translation>ist von einem anderen Programm gesperrt.</translation>
  </message>
  <message>
   <source>Close it there, then try again.</source>
   <translation>Dort schließen, dann noch einmal versuchen.</translation>
  </message>
  <message>
   <source>is read-only.</source>
   <translation>ist schreibgeschützt.</translation>
  </message>
  <message>
   <source>Allow it to be written, then try again.</source>
   <translation>Das Schreiben erlauben, dann noch einmal versuchen.</translation>
  </message>
  <message>
   <source>was changed meanwhile by another program.</source>
   <translation>wurde inzwischen von einem anderen Programm geändert.</translation>
  </message>
  <message>
   <source>Try again when it is done.</source>
   <translation>Noch einmal versuchen, wenn es fertig ist.</translation>
  </message>
  <message>
   <source>was made meanwhile by another program.</source>
   <translation>wurde inzwischen von einem anderen Programm angelegt.</translation>
  </message>
  <message>
   <source>Check the folder {folder}, then try again.</source>
   <translation>Den Ordner {folder} prüfen, dann noch einmal versuchen.</translation>
  </message>
  <message>
   <source>RawTherapee changes the perspective before it crops, so that the crop may differ a little.</source>
   <translation>RawTherapee ändert die Perspektive vor dem Zuschneiden; der Ausschnitt kann etwas abweichen.</translation>
  </message>
  <message>
   <source>RawTherapee corrects the lens before it crops, so that the crop may differ a little.</source>
   <translation>RawTherapee korrigiert das Objektiv vor dem Zuschneiden; der Ausschnitt kann etwas abweichen.</translation>
  </message>
  <message>
   <source>The crop there reaches over the photo's edge; it was set right.</source>
   <translation>Der Ausschnitt dort reicht über den Rand des Fotos; er wurde berichtigt.</translation>
  </message>
  <message>
   <source>is not there, and a new one would let RawTherapee develop the photo neutrally.</source>
   <translation>ist nicht da, und mit einer neuen würde RawTherapee das Foto neutral entwickeln.</translation>
  </message>
  <message>
   <source>Open the raw file in RawTherapee first, or ask for new files for raw photos.</source>
   <translation>Die Rohdatei zuerst in RawTherapee öffnen oder neue Dateien für Rohfotos verlangen.</translation>
  </message>
  <message>
   <source>{file}: is new; RawTherapee develops the photo neutrally until you do it there.</source>
   <translation>{file} ist neu; RawTherapee entwickelt das Foto neutral, bis es dort entwickelt wird.</translation>
  </message>
  <message>
   <source>cannot hold the crop.</source>
   <translation>kann den Ausschnitt nicht aufnehmen.</translation>
  </message>
  <message>
   <source>Make the crop larger.</source>
   <translation>Den Ausschnitt vergrößern.</translation>
  </message>
  <message>
   <source>cannot hold the crop: RawTherapee keeps the photo's size when it straightens, and the crop leaves that.</source>
   <translation>kann den Ausschnitt nicht aufnehmen: RawTherapee behält beim Geraderichten die Größe des Fotos, und der Ausschnitt reicht darüber hinaus.</translation>
  </message>
  <message>
   <source>Make the crop smaller, or straighten by less.</source>
   <translation>Den Ausschnitt verkleinern oder weniger geraderichten.</translation>
  </message>
  <message>
   <source>is no settings file of RawTherapee.</source>
   <translation>ist keine Einstellungsdatei von RawTherapee.</translation>
  </message>
  <message>
   <source>Lightroom replaces a photo's development by that of the sidecar when it reads metadata from files: save metadata to files there before crops are written.</source>
   <translation>Lightroom ersetzt die Entwicklung eines Fotos durch die der Begleitdatei, wenn es Metadaten aus Dateien liest: Speichern Sie dort die Metadaten in Dateien, bevor Ausschnitte geschrieben werden.</translation>
  </message>
  <message>
   <source>holds the crop of {name} already.</source>
   <translation>enthält schon den Ausschnitt von {name}.</translation>
  </message>
  <message>
   <source>Choose another folder for it.</source>
   <translation>Dafür einen anderen Ordner wählen.</translation>
  </message>
  <message>
   <source>There it lies in a photo whose perspective is corrected, and may differ a little.</source>
   <translation>Dort liegt er in einem Foto mit korrigierter Perspektive und kann etwas abweichen.</translation>
  </message>
  <message>
   <source>There it lies in a photo whose lens errors are corrected, and may differ a little.</source>
   <translation>Dort liegt er in einem Foto mit korrigiertem Objektiv und kann etwas abweichen.</translation>
  </message>
  <message>
   <source>The crop there reaches over the photo's edge, or upside down; it was set right.</source>
   <translation>Der Ausschnitt dort reicht über den Rand des Fotos oder steht kopf; er wurde berichtigt.</translation>
  </message>
  <message>
   <source>is written in {name}, which is not read.</source>
   <translation>ist in {name} geschrieben, das nicht gelesen wird.</translation>
  </message>
  <message>
   <source>is too much to be read ({reason}).</source>
   <translation>ist zu viel zum Lesen ({reason}).</translation>
  </message>
  <message>
   <source>holds no XMP.</source>
   <translation>enthält kein XMP.</translation>
  </message>
  <message>
   <source>holds another crop, which is kept.</source>
   <translation>enthält einen anderen Ausschnitt, der bleibt.</translation>
  </message>
  <message>
   <source>belongs to the raw file {raw}.</source>
   <translation>gehört zur Rohdatei {raw}.</translation>
  </message>
  <message>
   <source>Write the crop for the raw file.</source>
   <translation>Den Ausschnitt für die Rohdatei schreiben.</translation>
  </message>
  <message>
   <source>{file}: darktable applies it to {names} too.</source>
   <translation>{file}: darktable wendet sie auch auf {names} an.</translation>
  </message>
  <message>
   <source>The EXIF data were damaged and are left out.</source>
   <translation>Die EXIF-Daten waren beschädigt und bleiben weg.</translation>
  </message>
  <message>
   <source>The XMP data were damaged and are left out.</source>
   <translation>Die XMP-Daten waren beschädigt und bleiben weg.</translation>
  </message>
  <message>
   <source>The EXIF data are too large for a JPEG and are left out.</source>
   <translation>Die EXIF-Daten sind zu groß für ein JPEG und bleiben weg.</translation>
  </message>
  <message>
   <source>The XMP data are too large for a JPEG and are left out.</source>
   <translation>Die XMP-Daten sind zu groß für ein JPEG und bleiben weg.</translation>
  </message>
  <message>
   <source>The IPTC data are too large for a JPEG and are left out.</source>
   <translation>Die IPTC-Daten sind zu groß für ein JPEG und bleiben weg.</translation>
  </message>
  <message>
   <source>{file} cannot be run ({reason}). {reinstall}</source>
   <translation>{file} lässt sich nicht ausführen ({reason}). {reinstall}</translation>
  </message>
  <message>
   <source>{name}.json names no ONNX graphs: cropcore export makes them.</source>
   <translation>{name}.json nennt keine ONNX-Graphen: cropcore export macht sie.</translation>
  </message>
  <message>
   <source>Reinstall Cropsight to get its weights back.</source>
   <translation>Cropsight neu installieren, um seine Gewichte zurückzubekommen.</translation>
  </message>
  <message>
   <source>{file} has schema {schema}, this version reads {known}. Update Cropsight.</source>
   <translation>{file} hat Schema {schema}, diese Version liest {known}. Cropsight aktualisieren.</translation>
  </message>
  <message>
   <source>The weights record {file} is missing. {reinstall}</source>
   <translation>Die Beschreibung der Gewichte {file} fehlt. {reinstall}</translation>
  </message>
  <message>
   <source>{file} is no weights record: {reason}. {reinstall}</source>
   <translation>{file} ist keine Beschreibung von Gewichten: {reason}. {reinstall}</translation>
  </message>
  <message>
   <source>{file} does not fit its architecture at {layers}.</source>
   <translation>{file} passt nicht zu ihrer Architektur, bei {layers}.</translation>
  </message>
  <message>
   <source>The weights file {file} cannot be read ({reason}). {reinstall}</source>
   <translation>Die Gewichtsdatei {file} lässt sich nicht lesen ({reason}). {reinstall}</translation>
  </message>
  <message>
   <source>{file} was altered: its SHA-256 is not its record's. {reinstall}</source>
   <translation>{file} wurde verändert: Ihr SHA-256 ist nicht der ihrer Beschreibung. {reinstall}</translation>
  </message>
  <message>
   <source>it is no JSON</source>
   <translation>es ist kein JSON</translation>
  </message>
  <message>
   <source>schema {schema}</source>
   <translation>Schema {schema}</translation>
  </message>
  <message>
   <source>there is no schema {schema}</source>
   <translation>ein Schema {schema} gibt es nicht</translation>
  </message>
  <message>
   <source>{text} is no number</source>
   <translation>{text} ist keine Zahl</translation>
  </message>
  <message>
   <source>{text} is no time from {first} to {last}</source>
   <translation>{text} ist keine Zeit von {first} bis {last}</translation>
  </message>
  <message>
   <source>{value} is none of {known}</source>
   <translation>{value} ist keines von {known}</translation>
  </message>
  <message>
   <source>it is no text</source>
   <translation>es ist kein Text</translation>
  </message>
  <message>
   <source>it is neither true nor false</source>
   <translation>es ist weder true noch false</translation>
  </message>
  <message>
   <source>it is no list</source>
   <translation>es ist keine Liste</translation>
  </message>
  <message>
   <source>{field} is no object</source>
   <translation>{field} ist kein Objekt</translation>
  </message>
  <message>
   <source>{field} is missing</source>
   <translation>{field} fehlt</translation>
  </message>
  <message>
   <source>{file}: its crops were kept as {former}.</source>
   <translation>{file}: Die Ausschnitte waren unter {former} gesichert.</translation>
  </message>
  <message>
   <source>{file}: the file was changed since its crops were saved.</source>
   <translation>{file}: Die Datei wurde verändert, seit ihre Ausschnitte gesichert wurden.</translation>
  </message>
  <message>
   <source>{file} could not be written beside the photo; the crops are kept in {folder}.</source>
   <translation>{file} ließ sich nicht neben das Foto schreiben; die Ausschnitte liegen in {folder}.</translation>
  </message>
  <message>
   <source>Another program has been writing crops for too long.</source>
   <translation>Ein anderes Programm schreibt schon zu lange Ausschnitte.</translation>
  </message>
  <message>
   <source>Close it, then try again.</source>
   <translation>Es schließen und dann noch einmal versuchen.</translation>
  </message>
  <message>
   <source>was written by a later version ({version}).</source>
   <translation>wurde von einer späteren Version geschrieben ({version}).</translation>
  </message>
  <message>
   <source>Update Cropsight to use it.</source>
   <translation>Cropsight aktualisieren, um es zu verwenden.</translation>
  </message>
  <message>
   <source>could not be set aside, though it is damaged: {reason}.</source>
   <translation>ließ sich nicht beiseitelegen, obwohl beschädigt: {reason}.</translation>
  </message>
  <message>
   <source>{file} was damaged ({problem}); it is kept as {copy}.</source>
   <translation>{file} war beschädigt ({problem}); aufbewahrt als {copy}.</translation>
  </message>
 </context>
 <context>
  <name>ExportButton</name>
  <message>
   <source>More ways to export</source>
   <translation>Weitere Arten zu exportieren</translation>
  </message>
  <message>
   <source>Export with the last settings (Ctrl+E)</source>
   <translation>Mit den letzten Einstellungen exportieren (Strg+E)</translation>
  </message>
 </context>
 <context>
  <name>ExportControls</name>
  <message>
   <source>Export</source>
   <translation>Export</translation>
  </message>
  <message>
   <source>free crop</source>
   <translation>freier Ausschnitt</translation>
  </message>
  <message>
   <source>original ratio</source>
   <translation>Fotoformat</translation>
  </message>
  <message>
   <source>Export {0}</source>
   <translation>{0} exportieren</translation>
  </message>
  <message>
   <source>Export all candidates</source>
   <translation>Alle Vorschläge exportieren</translation>
  </message>
  <message>
   <source>Export all crops</source>
   <translation>Alle Ausschnitte exportieren</translation>
  </message>
 </context>
 <context>
  <name>ExportMarks</name>
  <message>
   <source>Export {0}</source>
   <translation>{0} exportieren</translation>
  </message>
 </context>
 <context>
  <name>ExportPanel</name>
  <message>
   <source>Back to the crop (Esc)</source>
   <translation>Zurück zum Ausschnitt (Esc)</translation>
  </message>
  <message>
   <source>Export</source>
   <translation>Export</translation>
  </message>
  <message>
   <source>What to export</source>
   <translation>Was exportiert wird</translation>
  </message>
  <message>
   <source>This crop</source>
   <translation>Dieser Ausschnitt</translation>
  </message>
  <message>
   <source>This crop and those inside it</source>
   <translation>Dieser Ausschnitt und die inneren</translation>
  </message>
  <message>
   <source>All crops of this photo</source>
   <translation>Alle Ausschnitte dieses Fotos</translation>
  </message>
  <message>
   <source>All candidates</source>
   <translation>Alle Vorschläge</translation>
  </message>
  <message>
   <source>Selected photos</source>
   <translation>Ausgewählte Fotos</translation>
  </message>
  <message>
   <source>All photos</source>
   <translation>Alle Fotos</translation>
  </message>
  <message>
   <source>What</source>
   <translation>Was</translation>
  </message>
  <message>
   <source>Export as {0}</source>
   <translation>Als {0} exportieren</translation>
  </message>
  <message>
   <source>Quality</source>
   <translation>Qualität</translation>
  </message>
  <message>
   <source>Quality of formats that lose some detail</source>
   <translation>Qualität von Formaten, die etwas Schärfe verlieren</translation>
  </message>
  <message>
   <source>Format</source>
   <translation>Format</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Name template</source>
   <translation>Muster des Namens</translation>
  </message>
  <message>
   <source>Fields: {name} {aspect} {rank} {width} {height} {date} {n}</source>
   <translation>Felder: {name} {aspect} {rank} {width} {height} {date} {n}</translation>
  </message>
  <message>
   <source>Example of a name</source>
   <translation>Beispiel eines Namens</translation>
  </message>
  <message>
   <source>Choose …</source>
   <translation>Wählen …</translation>
  </message>
  <message>
   <source>Choose the folder</source>
   <translation>Den Ordner wählen</translation>
  </message>
  <message>
   <source>Beside the photo again</source>
   <translation>Wieder neben dem Foto</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>Around a circle</source>
   <translation>Um einen Kreis</translation>
  </message>
  <message>
   <source>Metadata</source>
   <translation>Metadaten</translation>
  </message>
  <message>
   <source>Export to</source>
   <translation>Exportieren nach</translation>
  </message>
  <message>
   <source>Beside the photo</source>
   <translation>Neben dem Foto</translation>
  </message>
  <message>
   <source>One crop of each photo: the one in hand.</source>
   <translation>Ein Ausschnitt je Foto: der gewählte.</translation>
  </message>
  <message>
   <source>And from it each ratio under Also for.</source>
   <translation>Und daraus jedes Verhältnis unter „Auch für“.</translation>
  </message>
  <message>
   <source>Every crop that you keep, in its own ratio.</source>
   <translation>Jeder behaltene Ausschnitt in seinem Verhältnis.</translation>
  </message>
  <message>
   <source>Every candidate in the ratio that is chosen now.</source>
   <translation>Jeder Vorschlag im gewählten Verhältnis.</translation>
  </message>
  <message>
   <source>One file for each ratio.</source>
   <translation>Eine Datei je Verhältnis.</translation>
  </message>
  <message>
   <source>No ratio ticked: every crop as it is.</source>
   <translation>Kein Verhältnis gewählt: jeder Ausschnitt, wie er ist.</translation>
  </message>
  <message>
   <source>No ratio ticked: the crop as it is.</source>
   <translation>Kein Verhältnis gewählt: der Ausschnitt, wie er ist.</translation>
  </message>
  <message>
   <source>A file of the wanted name is there already; it stays as it is.</source>
   <translation>Eine Datei des gewünschten Namens ist schon da; sie bleibt, wie sie ist.</translation>
  </message>
 </context>
 <context>
  <name>Exporter</name>
  <message>
   <source>Looking at {0} more photos first …</source>
   <translation>Erst werden noch {0} Fotos angesehen …</translation>
  </message>
  <message>
   <source>Use {0}</source>
   <translation>{0} nehmen</translation>
  </message>
  <message>
   <source>Keep</source>
   <translation>Behalten</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Exporting …</source>
   <translation>Wird exportiert …</translation>
  </message>
  <message>
   <source>Exporting {0} of {1}</source>
   <translation>{0} von {1} wird exportiert</translation>
  </message>
  <message>
   <source>Exported {0} to {1}</source>
   <translation>{0} nach {1} exportiert</translation>
  </message>
  <message>
   <source>The rest was cancelled.</source>
   <translation>Der Rest wurde abgebrochen.</translation>
  </message>
  <message>
   <source>Export cancelled; nothing was written.</source>
   <translation>Export abgebrochen; nichts wurde geschrieben.</translation>
  </message>
  <message>
   <source>Without suggestions, cropped at the centre: {0}. Look at them and export again.</source>
   <translation>Ohne Vorschläge in der Mitte zugeschnitten: {0}. Bitte ansehen und erneut exportieren.</translation>
  </message>
  <message>
   <source>Show</source>
   <translation>Zeigen</translation>
  </message>
 </context>
 <context>
  <name>FailureList</name>
  <message>
   <source>Photos without crops</source>
   <translation>Fotos ohne Ausschnitte</translation>
  </message>
  <message>
   <source>Photos without crops, and why</source>
   <translation>Fotos ohne Ausschnitte, und warum</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Copy the selected lines, or all of them (Ctrl+C)</source>
   <translation>Die gewählten Zeilen kopieren, oder alle (Strg+C)</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Close (Esc)</source>
   <translation>Schließen (Esc)</translation>
  </message>
  <message>
   <source>The photos themselves are untouched.</source>
   <translation>Die Fotos selbst sind unberührt.</translation>
  </message>
 </context>
 <context>
  <name>FileFields</name>
  <message>
   <source>Files</source>
   <translation>Dateien</translation>
  </message>
  <message>
   <source>Names</source>
   <translation>Namen</translation>
  </message>
  <message>
   <source>there already</source>
   <translation>schon da</translation>
  </message>
  <message>
   <source>and {0} more</source>
   <translation>und {0} weitere</translation>
  </message>
  <message>
   <source>{0} take a number, as their name is taken</source>
   <translation>{0} erhalten eine Zahl, weil ihr Name vergeben ist</translation>
  </message>
  <message>
   <source>{0} are there already and stay</source>
   <translation>{0} sind schon da und bleiben</translation>
  </message>
  <message>
   <source>some depend on the photo</source>
   <translation>manche hängen vom Foto ab</translation>
  </message>
  <message>
   <source>Quality</source>
   <translation>Qualität</translation>
  </message>
  <message>
   <source>Quality of formats that lose some detail, 1 to 100</source>
   <translation>Qualität von Formaten, die etwas Schärfe verlieren, 1 bis 100</translation>
  </message>
  <message>
   <source>Around a circle</source>
   <translation>Um einen Kreis</translation>
  </message>
  <message>
   <source>Name template</source>
   <translation>Muster des Namens</translation>
  </message>
  <message>
   <source>Fields: {name} {aspect} {rank} {width} {height} {date} {n}; zeros as in {n:03}</source>
   <translation>Felder: {name} {aspect} {rank} {width} {height} {date} {n}; Nullen wie in {n:03}</translation>
  </message>
 </context>
 <context>
  <name>FileWatcher</name>
  <message>
   <source>The file is not where it was.</source>
   <translation>Die Datei ist nicht mehr, wo sie war.</translation>
  </message>
  <message>
   <source>{0} was changed by another program. It is shown as it is now.</source>
   <translation>{0} wurde von einem anderen Programm geändert. Gezeigt wird, wie es jetzt ist.</translation>
  </message>
 </context>
 <context>
  <name>FilmHeader</name>
  <message>
   <source>Sort photos by</source>
   <translation>Fotos sortieren nach</translation>
  </message>
  <message>
   <source>Show photos</source>
   <translation>Fotos zeigen</translation>
  </message>
  <message>
   <source>Sort photos</source>
   <translation>Fotos sortieren</translation>
  </message>
  <message>
   <source>Choose which are shown</source>
   <translation>Wählen, welche gezeigt werden</translation>
  </message>
  <message>
   <source>{0} of {1} photos are shown: {2}</source>
   <translation>{0} von {1} Fotos werden gezeigt: {2}</translation>
  </message>
  <message>
   <source>{0}, name with “{1}”</source>
   <translation>{0}, Name mit „{1}“</translation>
  </message>
  <message>
   <source>Choose which photos are shown</source>
   <translation>Wählen, welche Fotos gezeigt werden</translation>
  </message>
  <message>
   <source>As opened</source>
   <translation>Wie geöffnet</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>Time taken</source>
   <translation>Aufnahmezeit</translation>
  </message>
  <message>
   <source>Time changed</source>
   <translation>Änderungszeit</translation>
  </message>
  <message>
   <source>Confidence, least sure first</source>
   <translation>Sicherheit, unsichere zuerst</translation>
  </message>
  <message>
   <source>Backwards</source>
   <translation>Rückwärts</translation>
  </message>
  <message>
   <source>All</source>
   <translation>Alle</translation>
  </message>
  <message>
   <source>Uncropped</source>
   <translation>Ohne Ausschnitt</translation>
  </message>
  <message>
   <source>To review</source>
   <translation>Zu prüfen</translation>
  </message>
  <message>
   <source>Accepted</source>
   <translation>Angenommen</translation>
  </message>
  <message>
   <source>Failed</source>
   <translation>Fehlgeschlagen</translation>
  </message>
  <message>
   <source>Starred</source>
   <translation>Mit Stern</translation>
  </message>
  <message>
   <source>Rejected</source>
   <translation>Verworfen</translation>
  </message>
  <message>
   <source>Undecided</source>
   <translation>Offen</translation>
  </message>
 </context>
 <context>
  <name>FilmModel</name>
  <message>
   <source>uncropped</source>
   <translation>ohne Ausschnitt</translation>
  </message>
  <message>
   <source>to review</source>
   <translation>zu prüfen</translation>
  </message>
  <message>
   <source>accepted</source>
   <translation>angenommen</translation>
  </message>
  <message>
   <source>cannot be read</source>
   <translation>nicht lesbar</translation>
  </message>
  <message>
   <source>starred</source>
   <translation>mit Stern</translation>
  </message>
  <message>
   <source>rejected</source>
   <translation>verworfen</translation>
  </message>
 </context>
 <context>
  <name>FilmView</name>
  <message>
   <source>Photos</source>
   <translation>Fotos</translation>
  </message>
 </context>
 <context>
  <name>ForeignExporter</name>
  <message>
   <source>Copies are made of JPEG, PNG, TIFF and DNG only.</source>
   <translation>Kopien gibt es nur von JPEG, PNG, TIFF und DNG.</translation>
  </message>
  <message>
   <source>Lightroom, darktable</source>
   <translation>Lightroom, darktable</translation>
  </message>
  <message>
   <source>RawTherapee</source>
   <translation>RawTherapee</translation>
  </message>
  <message>
   <source>Copies</source>
   <translation>Kopien</translation>
  </message>
  <message>
   <source>Crops for other editors are still being written. Close again to stop.</source>
   <translation>Es werden noch Ausschnitte für andere Programme geschrieben. Zum Abbrechen noch einmal schließen.</translation>
  </message>
  <message>
   <source>Write</source>
   <translation>Schreiben</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Writing crops …</source>
   <translation>Ausschnitte werden geschrieben …</translation>
  </message>
  <message>
   <source>Writing crop {0} of {1}</source>
   <translation>Ausschnitt {0} von {1} wird geschrieben</translation>
  </message>
  <message>
   <source>Make copies</source>
   <translation>Kopien anlegen</translation>
  </message>
  <message>
   <source>Replace</source>
   <translation>Ersetzen</translation>
  </message>
  <message>
   <source>Without suggestions, cropped at the centre: {0}.</source>
   <translation>Ohne Vorschläge, in der Mitte beschnitten: {0}.</translation>
  </message>
  <message>
   <source>The rest was cancelled.</source>
   <translation>Der Rest wurde abgebrochen.</translation>
  </message>
 </context>
 <context>
  <name>ForeignFields</name>
  <message>
   <source>As what</source>
   <translation>Als was</translation>
  </message>
  <message>
   <source>Image files</source>
   <translation>Bilddateien</translation>
  </message>
  <message>
   <source>XMP for Lightroom, darktable</source>
   <translation>XMP für Lightroom, darktable</translation>
  </message>
  <message>
   <source>pp3 for RawTherapee</source>
   <translation>pp3 für RawTherapee</translation>
  </message>
  <message>
   <source>Copies for Lightroom</source>
   <translation>Kopien für Lightroom</translation>
  </message>
  <message>
   <source>Replace crops made there</source>
   <translation>Dort gemachte Ausschnitte ersetzen</translation>
  </message>
  <message>
   <source>Otherwise a crop that a sidecar holds is kept</source>
   <translation>Sonst bleibt ein Ausschnitt, den eine Begleitdatei enthält</translation>
  </message>
  <message>
   <source>New settings for raw files</source>
   <translation>Neue Einstellungen für Rohdateien</translation>
  </message>
  <message>
   <source>RawTherapee then develops a raw file neutrally until you do it there</source>
   <translation>RawTherapee entwickelt eine Rohdatei dann neutral, bis Sie es dort tun</translation>
  </message>
  <message>
   <source>Stars and rejections too</source>
   <translation>Auch Sterne und Ablehnungen</translation>
  </message>
  <message>
   <source>One sidecar beside each photo, with its crop; all else in it stays. Lightroom reads those of raw files, darktable those of all photos that it has not developed yet.</source>
   <translation>Eine Begleitdatei neben jedem Foto, mit seinem Ausschnitt; alles andere darin bleibt. Lightroom liest die von Rohdateien, darktable die aller Fotos, die es noch nicht entwickelt hat.</translation>
  </message>
  <message>
   <source>RawTherapee's settings beside each photo, with its crop; all else in them stays.</source>
   <translation>Die Einstellungen von RawTherapee neben jedem Foto, mit seinem Ausschnitt; alles andere darin bleibt.</translation>
  </message>
  <message>
   <source>Copies of JPEG, PNG, TIFF and DNG with the crop in their XMP, where Lightroom reads it. Their pixels are the photo's own, byte for byte.</source>
   <translation>Kopien von JPEG, PNG, TIFF und DNG mit dem Ausschnitt in ihrem XMP, wo Lightroom ihn liest. Ihre Pixel sind Byte für Byte die des Fotos.</translation>
  </message>
 </context>
 <context>
  <name>Formats</name>
  <message>
   <source>Format</source>
   <translation>Format</translation>
  </message>
  <message>
   <source>As the photo</source>
   <translation>Wie das Foto</translation>
  </message>
  <message>
   <source>HEIC needs the package pillow-heif.</source>
   <translation>HEIC braucht das Paket pillow-heif.</translation>
  </message>
  <message>
   <source>Metadata</source>
   <translation>Metadaten</translation>
  </message>
  <message>
   <source>Keep all</source>
   <translation>Alle behalten</translation>
  </message>
  <message>
   <source>Without location</source>
   <translation>Ohne Ort</translation>
  </message>
  <message>
   <source>Keep none</source>
   <translation>Keine behalten</translation>
  </message>
  <message>
   <source>Camera, copyright and place; colour profiles stay</source>
   <translation>Kamera, Urheber und Ort; Farbprofile bleiben</translation>
  </message>
  <message>
   <source>Colour around a circle where the format has no transparency</source>
   <translation>Farbe um einen Kreis, wo das Format keine Transparenz kennt</translation>
  </message>
  <message>
   <source>Background of a circle</source>
   <translation>Hintergrund eines Kreises</translation>
  </message>
  <message>
   <source>Around a circle</source>
   <translation>Um einen Kreis</translation>
  </message>
 </context>
 <context>
  <name>GuideSteps</name>
  <message>
   <source>No guide</source>
   <translation>Keine Hilfslinien</translation>
  </message>
  <message>
   <source>Guide: {0}</source>
   <translation>Hilfslinien: {0}</translation>
  </message>
  <message>
   <source>Guide: {0}, turned</source>
   <translation>Hilfslinien: {0}, gedreht</translation>
  </message>
  <message>
   <source>Guide: {0}, the same whichever way it is turned</source>
   <translation>Hilfslinien: {0}, gedreht nicht anders</translation>
  </message>
  <message>
   <source>No guide to turn</source>
   <translation>Keine Hilfslinien zu drehen</translation>
  </message>
 </context>
 <context>
  <name>Guides</name>
  <message>
   <source>None</source>
   <translation>Keine</translation>
  </message>
  <message>
   <source>Thirds</source>
   <translation>Drittel</translation>
  </message>
  <message>
   <source>Golden ratio</source>
   <translation>Goldener Schnitt</translation>
  </message>
  <message>
   <source>Diagonals</source>
   <translation>Diagonalen</translation>
  </message>
  <message>
   <source>Golden spiral</source>
   <translation>Goldene Spirale</translation>
  </message>
  <message>
   <source>Centre</source>
   <translation>Mitte</translation>
  </message>
 </context>
 <context>
  <name>GuidesPanel</name>
  <message>
   <source>Guides</source>
   <translation>Hilfslinien</translation>
  </message>
  <message>
   <source>Guides inside the crop (O)</source>
   <translation>Hilfslinien im Ausschnitt (O)</translation>
  </message>
  <message>
   <source>Turn the guide (Shift+O)</source>
   <translation>Die Hilfslinie drehen (Umschalt+O)</translation>
  </message>
  <message>
   <source>Always</source>
   <translation>Immer</translation>
  </message>
  <message>
   <source>Show guides even when nothing is dragged</source>
   <translation>Hilfslinien auch zeigen, wenn nichts gezogen wird</translation>
  </message>
 </context>
 <context>
  <name>HeadsPanel</name>
  <message>
   <source>Keep heads whole</source>
   <translation>Köpfe ganz lassen</translation>
  </message>
  <message>
   <source>No suggestion cuts a person's head, wherever one of this ratio can hold it</source>
   <translation>Kein Vorschlag schneidet einen Kopf an, wo einer dieses Verhältnisses ihn fassen kann</translation>
  </message>
  <message>
   <source>Show heads</source>
   <translation>Köpfe zeigen</translation>
  </message>
  <message>
   <source>Outline on the photo the heads that were found (K)</source>
   <translation>Die gefundenen Köpfe auf dem Foto umranden (K)</translation>
  </message>
  <message>
   <source>Correct</source>
   <translation>Berichtigen</translation>
  </message>
  <message>
   <source>Click a wrong head to dismiss it, drag over a missed one (Shift+K)</source>
   <translation>Auf einen falschen Kopf klicken, um ihn zu verwerfen, über einen übersehenen ziehen (Umschalt+K)</translation>
  </message>
  <message>
   <source>Click a wrong head, drag over a missed one.</source>
   <translation>Auf einen falschen Kopf klicken, über einen übersehenen ziehen.</translation>
  </message>
  <message>
   <source>No heads found in this photo.</source>
   <translation>Keine Köpfe in diesem Foto gefunden.</translation>
  </message>
 </context>
 <context>
  <name>Ideas</name>
  <message>
   <source>cuts a head</source>
   <translation>schneidet einen Kopf an</translation>
  </message>
  <message>
   <source>cuts a text</source>
   <translation>schneidet Text an</translation>
  </message>
  <message>
   <source>cuts a protected area</source>
   <translation>schneidet einen geschützten Bereich an</translation>
  </message>
  <message>
   <source>best</source>
   <translation>bester Vorschlag</translation>
  </message>
  <message>
   <source>as taken</source>
   <translation>wie aufgenommen</translation>
  </message>
  <message>
   <source>closer</source>
   <translation>enger</translation>
  </message>
  <message>
   <source>wider</source>
   <translation>weiter</translation>
  </message>
  <message>
   <source>subject left</source>
   <translation>Motiv links</translation>
  </message>
  <message>
   <source>subject right</source>
   <translation>Motiv rechts</translation>
  </message>
  <message>
   <source>subject centred</source>
   <translation>Motiv mittig</translation>
  </message>
  <message>
   <source>more above</source>
   <translation>mehr oben</translation>
  </message>
  <message>
   <source>more below</source>
   <translation>mehr unten</translation>
  </message>
  <message>
   <source>more left</source>
   <translation>mehr links</translation>
  </message>
  <message>
   <source>more right</source>
   <translation>mehr rechts</translation>
  </message>
  <message>
   <source>taller</source>
   <translation>höher</translation>
  </message>
  <message>
   <source>flatter</source>
   <translation>flacher</translation>
  </message>
  <message>
   <source>a little closer</source>
   <translation>etwas enger</translation>
  </message>
  <message>
   <source>a little wider</source>
   <translation>etwas weiter</translation>
  </message>
  <message>
   <source>a little left</source>
   <translation>etwas weiter links</translation>
  </message>
  <message>
   <source>a little right</source>
   <translation>etwas weiter rechts</translation>
  </message>
  <message>
   <source>a little higher</source>
   <translation>etwas höher gelegen</translation>
  </message>
  <message>
   <source>a little lower</source>
   <translation>etwas tiefer gelegen</translation>
  </message>
 </context>
 <context>
  <name>KeepFields</name>
  <message>
   <source>Cut JPEGs without loss</source>
   <translation>JPEGs verlustfrei schneiden</translation>
  </message>
  <message>
   <source>Wherever that can be: not straightened, not resized, no circle. The crop moves onto the grid of the JPEG, which is shown while you drag.</source>
   <translation>Wo das geht: nicht gerade gerichtet, nicht in anderer Größe, kein Kreis. Der Ausschnitt rückt auf das Raster des JPEGs, das beim Ziehen zu sehen ist.</translation>
  </message>
  <message>
   <source>Needs the library libturbojpeg</source>
   <translation>Braucht die Bibliothek libturbojpeg</translation>
  </message>
  <message>
   <source>Quality as the photo's</source>
   <translation>Qualität wie beim Foto</translation>
  </message>
  <message>
   <source>A JPEG of a JPEG gets its quantisation tables, in place of the number</source>
   <translation>Ein JPEG aus einem JPEG bekommt dessen Quantisierungstabellen statt der Zahl</translation>
  </message>
  <message>
   <source>Keep the photo's date</source>
   <translation>Datum des Fotos behalten</translation>
  </message>
  <message>
   <source>The file's time of change, and when the photo was taken whatever else is kept</source>
   <translation>Die Änderungszeit der Datei, und wann das Foto aufgenommen wurde, was auch sonst behalten wird</translation>
  </message>
 </context>
 <context>
  <name>KeepTextBox</name>
  <message>
   <source>Keep text whole</source>
   <translation>Text ganz lassen</translation>
  </message>
  <message>
   <source>No crop cuts a piece of text, wherever one of this ratio can hold it</source>
   <translation>Kein Ausschnitt schneidet Text an, wo immer einer dieses Seitenverhältnisses ihn fasst</translation>
  </message>
  <message>
   <source>Finding text needs the package rapidocr: pip install 'cropsight[text]'</source>
   <translation>Text zu finden braucht das Paket rapidocr: pip install 'cropsight[text]'</translation>
  </message>
 </context>
 <context>
  <name>Listing</name>
  <message>
   <source>{0}: no photos in this folder.</source>
   <translation>{0}: keine Fotos in diesem Ordner.</translation>
  </message>
 </context>
 <context>
  <name>MapsPanel</name>
  <message>
   <source>Maps</source>
   <translation>Karten</translation>
  </message>
  <message>
   <source>See what suggestions are made of (M)</source>
   <translation>Sehen, woraus Vorschläge entstehen (M)</translation>
  </message>
  <message>
   <source>Off</source>
   <translation>Aus</translation>
  </message>
  <message>
   <source>Map opacity</source>
   <translation>Deckkraft der Karte</translation>
  </message>
  <message>
   <source>Opacity of the map</source>
   <translation>Deckkraft der Karte</translation>
  </message>
  <message>
   <source>Opacity</source>
   <translation>Deckkraft</translation>
  </message>
  <message>
   <source>One moment …</source>
   <translation>Einen Moment …</translation>
  </message>
  <message>
   <source>Under the cursor: {0}</source>
   <translation>Unter dem Zeiger: {0}</translation>
  </message>
 </context>
 <context>
  <name>Match</name>
  <message>
   <source>no head found</source>
   <translation>kein Kopf gefunden</translation>
  </message>
  <message>
   <source>no object found</source>
   <translation>kein Gegenstand gefunden</translation>
  </message>
  <message>
   <source>several heads</source>
   <translation>mehrere Köpfe</translation>
  </message>
  <message>
   <source>no room for it</source>
   <translation>kein Platz dafür</translation>
  </message>
  <message>
   <source>head not measured well</source>
   <translation>Kopf nicht sicher gemessen</translation>
  </message>
  <message>
   <source>object not found clearly</source>
   <translation>Gegenstand nicht klar gefunden</translation>
  </message>
 </context>
 <context>
  <name>MethodPanel</name>
  <message>
   <source>Method</source>
   <translation>Verfahren</translation>
  </message>
  <message>
   <source>Who proposes the candidates (Alt+1 to Alt+6)</source>
   <translation>Wer die Vorschläge macht (Alt+1 bis Alt+6)</translation>
  </message>
  <message>
   <source>Compare</source>
   <translation>Vergleichen</translation>
  </message>
  <message>
   <source>The best crop of each method, side by side (A)</source>
   <translation>Der beste Ausschnitt jedes Verfahrens, nebeneinander (A)</translation>
  </message>
  <message>
   <source>Why this crop</source>
   <translation>Warum dieser Ausschnitt</translation>
  </message>
  <message>
   <source>What speaks for the crop in hand (W)</source>
   <translation>Was für diesen Ausschnitt spricht (W)</translation>
  </message>
 </context>
 <context>
  <name>Methods</name>
  <message>
   <source>Cascade</source>
   <translation>Kaskade</translation>
  </message>
  <message>
   <source>All five together, weighed by how well each knows what people choose</source>
   <translation>Alle fünf zusammen, gewichtet danach, wie gut jedes weiß, was Menschen wählen</translation>
  </message>
  <message>
   <source>Thousands of crops of the wanted ratio are looked at, together with those that Set prediction and Mars propose for it.</source>
   <translation>Tausende Ausschnitte des gewünschten Verhältnisses werden geprüft, dazu die, die Mengenvorhersage und Mars dafür vorschlagen.</translation>
  </message>
  <message>
   <source>The methods that know best what people choose score each of them, and SFRC scores the best again as soon as nothing is being moved.</source>
   <translation>Die Verfahren, die am besten wissen, was Menschen wählen, bewerten jeden davon, und SFRC bewertet die besten erneut, sobald nichts mehr bewegt wird.</translation>
  </message>
  <message>
   <source>What you see is ranked by all these scores together, weighed as fits best what people chose.</source>
   <translation>Die Reihenfolge folgt allen diesen Wertungen zusammen, gewichtet wie es am besten zu den Entscheidungen von Menschen passt.</translation>
  </message>
  <message>
   <source>No paper: this is Cropsight's own way to join the five.</source>
   <translation>Kein Aufsatz: So verbindet Cropsight die fünf.</translation>
  </message>
  <message>
   <source>GAIC</source>
   <translation>GAIC</translation>
  </message>
  <message>
   <source>Weighs what a crop keeps against what it leaves out</source>
   <translation>Wägt ab, was ein Ausschnitt behält und was er weglässt</translation>
  </message>
  <message>
   <source>Crops that differ by a few pixels look alike, so this method compares a limited set of crops on a grid instead of all that are possible.</source>
   <translation>Ausschnitte, die sich um wenige Pixel unterscheiden, sehen gleich aus; darum vergleicht dieses Verfahren eine begrenzte Zahl von Ausschnitten auf einem Raster statt aller möglichen.</translation>
  </message>
  <message>
   <source>For each of them a network looks at what lies inside, at what would be thrown away, and at where in the crop things lie.</source>
   <translation>Für jeden betrachtet ein Netz, was innen liegt, was wegfiele und wo im Ausschnitt die Dinge liegen.</translation>
  </message>
  <message>
   <source>From this it predicts the mark that people would give to the crop.</source>
   <translation>Daraus sagt es die Note voraus, die Menschen dem Ausschnitt gäben.</translation>
  </message>
  <message>
   <source>SFRC</source>
   <translation>SFRC</translation>
  </message>
  <message>
   <source>Judges how a crop lies to the objects and edges of the photo</source>
   <translation>Beurteilt, wie ein Ausschnitt zu Dingen und Kanten des Fotos liegt</translation>
  </message>
  <message>
   <source>This method asks how a crop lies to what stands out in the photo, such as salient objects and strong edges.</source>
   <translation>Dieses Verfahren fragt, wie ein Ausschnitt zu dem liegt, was im Foto hervorsticht, etwa auffällige Dinge und starke Kanten.</translation>
  </message>
  <message>
   <source>It gathers maps from all layers of its network, keeps the telling ones, and reads them together with a mask of the crop.</source>
   <translation>Es sammelt Karten aus allen Schichten seines Netzes, behält die aussagekräftigen und liest sie zusammen mit einer Maske des Ausschnitts.</translation>
  </message>
  <message>
   <source>A classifier learns from people which of two crops is better, and holds the scores to the same order on photos that nobody has judged.</source>
   <translation>Ein Klassifikator lernt von Menschen, welcher von zwei Ausschnitten besser ist, und hält die Wertungen auch bei unbeurteilten Fotos in dieser Reihenfolge.</translation>
  </message>
  <message>
   <source>ASM</source>
   <translation>ASM</translation>
  </message>
  <message>
   <source>Scores each place by where in the crop it comes to lie</source>
   <translation>Bewertet jede Stelle danach, wo im Ausschnitt sie zu liegen kommt</translation>
  </message>
  <message>
   <source>A network gives each place of the photo several scores, one for each part of a composition in which it may come to lie.</source>
   <translation>Ein Netz gibt jeder Stelle des Fotos mehrere Wertungen, eine für jeden Teil der Komposition, in dem sie zu liegen kommen kann.</translation>
  </message>
  <message>
   <source>A crop divides the photo into such parts, and its score is the mean of what its places score there.</source>
   <translation>Ein Ausschnitt teilt das Foto in solche Teile, und seine Wertung ist das Mittel dessen, was seine Stellen dort erhalten.</translation>
  </message>
  <message>
   <source>For places that people look at, the scores are taught to depend more on the part, so that what matters is put where it belongs.</source>
   <translation>Bei Stellen, auf die Menschen blicken, hängen die Wertungen stärker vom Teil ab, damit Wichtiges dorthin kommt, wo es hingehört.</translation>
  </message>
  <message>
   <source>Mars</source>
   <translation>Mars</translation>
  </message>
  <message>
   <source>Paints the area to keep for exactly this ratio</source>
   <translation>Malt die Fläche, die für genau dieses Verhältnis bleiben soll</translation>
  </message>
  <message>
   <source>From the wanted ratio this method generates some of its own weights, so that one network serves every ratio.</source>
   <translation>Aus dem gewünschten Verhältnis erzeugt dieses Verfahren einen Teil seiner eigenen Gewichte, sodass ein Netz jedem Verhältnis dient.</translation>
  </message>
  <message>
   <source>The network then paints the area of the photo that a crop of this ratio should cover.</source>
   <translation>Dann malt das Netz die Fläche des Fotos, die ein Ausschnitt dieses Verhältnisses bedecken soll.</translation>
  </message>
  <message>
   <source>The crop is the box of exactly this ratio that fits the area best.</source>
   <translation>Der Ausschnitt ist das Rechteck von genau diesem Verhältnis, das am besten zur Fläche passt.</translation>
  </message>
  <message>
   <source>Set prediction</source>
   <translation>Mengenvorhersage</translation>
  </message>
  <message>
   <source>Predicts several different crops at once, each with its validity</source>
   <translation>Sagt mehrere verschiedene Ausschnitte zugleich voraus, jeden mit seiner Gültigkeit</translation>
  </message>
  <message>
   <source>This method predicts a whole set of crops at once, each from a learnt starting point and none bound to a grid.</source>
   <translation>Dieses Verfahren sagt eine ganze Menge von Ausschnitten zugleich voraus, jeden von einem gelernten Ausgangspunkt und keinen an ein Raster gebunden.</translation>
  </message>
  <message>
   <source>Every starting point looks at the whole photo and at the other ones, which lets the crops be good in different ways.</source>
   <translation>Jeder Ausgangspunkt betrachtet das ganze Foto und die anderen; so können die Ausschnitte auf verschiedene Weise gut sein.</translation>
  </message>
  <message>
   <source>Each crop comes with a validity, the probability that it is a good one.</source>
   <translation>Zu jedem Ausschnitt gehört eine Gültigkeit, die Wahrscheinlichkeit, dass er gut ist.</translation>
  </message>
  <message>
   <source>Like the copied crop</source>
   <translation>Wie der kopierte Ausschnitt</translation>
  </message>
 </context>
 <context>
  <name>MethodsPage</name>
  <message>
   <source>About the methods</source>
   <translation>Über die Verfahren</translation>
  </message>
 </context>
 <context>
  <name>MissingFiles</name>
  <message>
   <source>Show them</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <source>{0} photos cannot be read: {1}.</source>
   <translation>{0} Fotos sind nicht lesbar: {1}.</translation>
  </message>
  <message>
   <source>{0} photos are gone: {1}. They stay here with all that you decided.</source>
   <translation>{0} Fotos sind verschwunden: {1}. Hier bleiben sie mit allen Entscheidungen.</translation>
  </message>
  <message>
   <source>{0} is gone. It stays here with all that you decided.</source>
   <translation>{0} ist verschwunden. Hier bleibt es mit allen Entscheidungen.</translation>
  </message>
 </context>
 <context>
  <name>NestedCropsPanel</name>
  <message>
   <source>Leave room for {0}, to be cut from this crop later</source>
   <translation>Platz für {0} lassen, das später aus diesem Ausschnitt geschnitten wird</translation>
  </message>
  <message>
   <source>Candidates that leave room for other ratios.</source>
   <translation>Vorschläge, die Platz für andere Verhältnisse lassen.</translation>
  </message>
  <message>
   <source>Inside: {0}</source>
   <translation>Innen: {0}</translation>
  </message>
 </context>
 <context>
  <name>NestedCropsTool</name>
  <message>
   <source>Also for</source>
   <translation>Auch für</translation>
  </message>
 </context>
 <context>
  <name>Notice</name>
  <message>
   <source>Close the notice</source>
   <translation>Die Meldung schließen</translation>
  </message>
  <message>
   <source>Details</source>
   <translation>Einzelheiten</translation>
  </message>
 </context>
 <context>
  <name>NoticeStack</name>
  <message>
   <source>Copy all</source>
   <translation>Alle kopieren</translation>
  </message>
  <message>
   <source>Copy the text of all notices</source>
   <translation>Den Text aller Meldungen kopieren</translation>
  </message>
  <message>
   <source>Close all</source>
   <translation>Alle schließen</translation>
  </message>
  <message>
   <source>Close all notices</source>
   <translation>Alle Meldungen schließen</translation>
  </message>
 </context>
 <context>
  <name>NumbersPanel</name>
  <message>
   <source>Left edge in pixels</source>
   <translation>Linker Rand in Pixel</translation>
  </message>
  <message>
   <source>Top edge in pixels</source>
   <translation>Oberer Rand in Pixel</translation>
  </message>
  <message>
   <source>W</source>
   <translation>B</translation>
  </message>
  <message>
   <source>Width in pixels</source>
   <translation>Breite in Pixel</translation>
  </message>
  <message>
   <source>H</source>
   <translation>H</translation>
  </message>
  <message>
   <source>Height in pixels</source>
   <translation>Höhe in Pixel</translation>
  </message>
  <message>
   <source>How likely Set prediction holds this crop to be a good one</source>
   <translation>Für wie wahrscheinlich gut die Mengenvorhersage diesen Ausschnitt hält</translation>
  </message>
  <message>
   <source>x y width height</source>
   <translation>x y Breite Höhe</translation>
  </message>
  <message>
   <source>Crop by numbers</source>
   <translation>Ausschnitt aus Zahlen</translation>
  </message>
  <message>
   <source>only of predicted crops</source>
   <translation>nur bei vorhergesagten</translation>
  </message>
  <message>
   <source>Validity: {0}</source>
   <translation>Gültigkeit: {0}</translation>
  </message>
 </context>
 <context>
  <name>Opener</name>
  <message>
   <source>The sample photos cannot be written: {0}.</source>
   <translation>Die Beispielfotos lassen sich nicht schreiben: {0}.</translation>
  </message>
 </context>
 <context>
  <name>OutputFields</name>
  <message>
   <source>Choose …</source>
   <translation>Wählen …</translation>
  </message>
  <message>
   <source>Choose the folder of the files</source>
   <translation>Den Ordner der Dateien wählen</translation>
  </message>
  <message>
   <source>Beside the photos again</source>
   <translation>Wieder neben den Fotos</translation>
  </message>
  <message>
   <source>Beside each photo</source>
   <translation>Neben jedes Foto</translation>
  </message>
  <message>
   <source>Into a folder Cropsight beside each photo; only a report goes to the folder above</source>
   <translation>In einen Ordner Cropsight neben jedem Foto; nur ein Bericht kommt in den Ordner oben</translation>
  </message>
  <message>
   <source>Report with thumbnails</source>
   <translation>Bericht mit kleinen Bildern</translation>
  </message>
  <message>
   <source>One page that shows each crop on its photo, and JSON, in the same folder</source>
   <translation>Eine Seite, die jeden Ausschnitt auf seinem Foto zeigt, und JSON, im selben Ordner</translation>
  </message>
  <message>
   <source>Review before writing</source>
   <translation>Vor dem Schreiben durchsehen</translation>
  </message>
  <message>
   <source>Look at the crops first; only accepted ones are written</source>
   <translation>Die Ausschnitte erst ansehen; nur angenommene werden geschrieben</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>Beside the photos</source>
   <translation>Neben den Fotos</translation>
  </message>
  <message>
   <source>Write to</source>
   <translation>Schreiben nach</translation>
  </message>
 </context>
 <context>
  <name>OverlayPage</name>
  <message>
   <source>Close (Esc)</source>
   <translation>Schließen (Esc)</translation>
  </message>
 </context>
 <context>
  <name>PhotoCrops</name>
  <message>
   <source>New crop</source>
   <translation>Neuer Ausschnitt</translation>
  </message>
  <message>
   <source>Remove crop</source>
   <translation>Ausschnitt entfernen</translation>
  </message>
 </context>
 <context>
  <name>PhotoCropsPanel</name>
  <message>
   <source>Keep this crop and begin another (N)</source>
   <translation>Diesen Ausschnitt behalten und einen weiteren beginnen (N)</translation>
  </message>
  <message>
   <source>Crops</source>
   <translation>Ausschnitte</translation>
  </message>
 </context>
 <context>
  <name>PhotoFields</name>
  <message>
   <source>Photos</source>
   <translation>Fotos</translation>
  </message>
  <message>
   <source>Open photos</source>
   <translation>Fotos öffnen</translation>
  </message>
  <message>
   <source>Selected photos</source>
   <translation>Ausgewählte Fotos</translation>
  </message>
  <message>
   <source>A folder</source>
   <translation>Ein Ordner</translation>
  </message>
  <message>
   <source>Choose …</source>
   <translation>Wählen …</translation>
  </message>
  <message>
   <source>Choose the folder of the photos</source>
   <translation>Den Ordner der Fotos wählen</translation>
  </message>
  <message>
   <source>Open photos ({0})</source>
   <translation>Geöffnete Fotos ({0})</translation>
  </message>
  <message>
   <source>Selected photos ({0})</source>
   <translation>Ausgewählte Fotos ({0})</translation>
  </message>
  <message>
   <source>Photos from</source>
   <translation>Fotos aus</translation>
  </message>
  <message>
   <source>None chosen yet</source>
   <translation>Noch keine gewählt</translation>
  </message>
 </context>
 <context>
  <name>PhotoFlags</name>
  <message>
   <source>Star</source>
   <translation>Stern</translation>
  </message>
  <message>
   <source>Remove star</source>
   <translation>Stern entfernen</translation>
  </message>
  <message>
   <source>Reject</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <source>Take back reject</source>
   <translation>Verwerfen zurücknehmen</translation>
  </message>
  <message>
   <source>Accept crop</source>
   <translation>Ausschnitt annehmen</translation>
  </message>
  <message>
   <source>{0}, {1} photos</source>
   <translation>{0}, {1} Fotos</translation>
  </message>
 </context>
 <context>
  <name>PhotoPresenter</name>
  <message>
   <source>No suggestions without the engine.</source>
   <translation>Keine Vorschläge ohne die Engine.</translation>
  </message>
  <message>
   <source>Suggestions appear here once the engine is loaded.</source>
   <translation>Hier erscheinen Vorschläge, sobald die Engine geladen ist.</translation>
  </message>
  <message>
   <source>No suggestions for this photo.</source>
   <translation>Keine Vorschläge für dieses Foto.</translation>
  </message>
  <message>
   <source>Looking for crops …</source>
   <translation>Ausschnitte werden gesucht …</translation>
  </message>
  <message>
   <source>Engine ready, {0}</source>
   <translation>Engine bereit, {0}</translation>
  </message>
  <message>
   <source>No engine</source>
   <translation>Keine Engine</translation>
  </message>
  <message>
   <source>Loading engine</source>
   <translation>Engine wird geladen</translation>
  </message>
  <message>
   <source>camera's preview</source>
   <translation>Vorschau der Kamera</translation>
  </message>
  <message>
   <source>plain rendering</source>
   <translation>einfache Entwicklung</translation>
  </message>
  <message>
   <source>{0} of {1} decided</source>
   <translation>{0} von {1} entschieden</translation>
  </message>
 </context>
 <context>
  <name>Places</name>
  <message>
   <source>Story</source>
   <translation>Story</translation>
  </message>
  <message>
   <source>Banner</source>
   <translation>Banner</translation>
  </message>
  <message>
   <source>Avatar</source>
   <translation>Profilbild</translation>
  </message>
 </context>
 <context>
  <name>PreferencesPage</name>
  <message>
   <source>Preferences</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <source>Reset to defaults</source>
   <translation>Zurücksetzen</translation>
  </message>
  <message>
   <source>All preferences on this page as they were at first</source>
   <translation>Alle Einstellungen dieser Seite wie zu Beginn</translation>
  </message>
  <message>
   <source>Every change holds at once.</source>
   <translation>Jede Änderung gilt sofort.</translation>
  </message>
  <message>
   <source>Beside each photo</source>
   <translation>Neben jedem Foto</translation>
  </message>
  <message>
   <source>Appearance</source>
   <translation>Aussehen</translation>
  </message>
  <message>
   <source>Theme</source>
   <translation>Farben</translation>
  </message>
  <message>
   <source>Like the system</source>
   <translation>Wie das System</translation>
  </message>
  <message>
   <source>Dark</source>
   <translation>Dunkel</translation>
  </message>
  <message>
   <source>Light</source>
   <translation>Hell</translation>
  </message>
  <message>
   <source>Language</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <source>Holds from the next start on.</source>
   <translation>Gilt ab dem nächsten Start.</translation>
  </message>
  <message>
   <source>Motion</source>
   <translation>Bewegung</translation>
  </message>
  <message>
   <source>Always off</source>
   <translation>Immer aus</translation>
  </message>
  <message>
   <source>New photos</source>
   <translation>Neue Fotos</translation>
  </message>
  <message>
   <source>Original ratio</source>
   <translation>Verhältnis des Fotos</translation>
  </message>
  <message>
   <source>Free ratio</source>
   <translation>Freies Verhältnis</translation>
  </message>
  <message>
   <source>Circle</source>
   <translation>Kreis</translation>
  </message>
  <message>
   <source>Begin with</source>
   <translation>Beginnen mit</translation>
  </message>
  <message>
   <source>The ratio used last</source>
   <translation>Dem letzten Verhältnis</translation>
  </message>
  <message>
   <source>Guide</source>
   <translation>Hilfslinie</translation>
  </message>
  <message>
   <source>Show it without a drag</source>
   <translation>Auch ohne Ziehen zeigen</translation>
  </message>
  <message>
   <source>RAW and JPEG are one photo</source>
   <translation>RAW und JPEG sind ein Foto</translation>
  </message>
  <message>
   <source>In folders: the camera's JPEG or HEIC of a raw file is no photo of its own</source>
   <translation>In Ordnern: Das JPEG oder HEIC der Kamera zu einer Rohdatei ist kein eigenes Foto</translation>
  </message>
  <message>
   <source>Your decisions</source>
   <translation>Entscheidungen</translation>
  </message>
  <message>
   <source>Kept in</source>
   <translation>Aufbewahrt in</translation>
  </message>
  <message>
   <source>One folder for all</source>
   <translation>Einem Ordner für alle</translation>
  </message>
  <message>
   <source>Files beside the photos</source>
   <translation>Dateien neben den Fotos</translation>
  </message>
  <message>
   <source>Show</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <source>Show the folder of decisions</source>
   <translation>Den Ordner der Entscheidungen zeigen</translation>
  </message>
  <message>
   <source>Take over crops of other editors</source>
   <translation>Ausschnitte anderer Programme übernehmen</translation>
  </message>
  <message>
   <source>Those of Lightroom, darktable and RawTherapee, where a photo has none of yours</source>
   <translation>Die von Lightroom, darktable und RawTherapee, wo ein Foto keinen von Ihnen hat</translation>
  </message>
  <message>
   <source>Show the next photo after Reject</source>
   <translation>Nach Verwerfen das nächste Foto zeigen</translation>
  </message>
  <message>
   <source>Stars and rejections to and from XMP</source>
   <translation>Sterne und Ablehnungen in XMP und aus XMP</translation>
  </message>
  <message>
   <source>Reopen the last photos at start</source>
   <translation>Beim Start die letzten Fotos wieder öffnen</translation>
  </message>
  <message>
   <source>Export</source>
   <translation>Export</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>Cropsight, beside the photo</source>
   <translation>Cropsight, neben dem Foto</translation>
  </message>
  <message>
   <source>One of your own …</source>
   <translation>Ein eigener …</translation>
  </message>
  <message>
   <source>Metadata</source>
   <translation>Metadaten</translation>
  </message>
  <message>
   <source>Keep all</source>
   <translation>Alle behalten</translation>
  </message>
  <message>
   <source>Without location</source>
   <translation>Ohne Ort</translation>
  </message>
  <message>
   <source>Keep none</source>
   <translation>Keine behalten</translation>
  </message>
  <message>
   <source>Engine and storage</source>
   <translation>Engine und Speicher</translation>
  </message>
  <message>
   <source>Compute on</source>
   <translation>Rechnen auf</translation>
  </message>
  <message>
   <source>What is fastest here</source>
   <translation>Dem Schnellsten hier</translation>
  </message>
  <message>
   <source>Processor (CPU)</source>
   <translation>Prozessor (CPU)</translation>
  </message>
  <message>
   <source>NVIDIA or AMD graphics (CUDA)</source>
   <translation>Grafik von NVIDIA oder AMD (CUDA)</translation>
  </message>
  <message>
   <source>Apple graphics (MPS)</source>
   <translation>Grafik von Apple (MPS)</translation>
  </message>
  <message>
   <source>Clear</source>
   <translation>Leeren</translation>
  </message>
  <message>
   <source>Delete the stored small pictures; they are made anew</source>
   <translation>Die kleinen Bilder löschen; sie werden neu gemacht</translation>
  </message>
  <message>
   <source>Stored thumbnails</source>
   <translation>Kleine Bilder</translation>
  </message>
  <message>
   <source>Export to</source>
   <translation>Exportieren nach</translation>
  </message>
 </context>
 <context>
  <name>PresetEditing</name>
  <message>
   <source>Import a preset</source>
   <translation>Eine Vorlage übernehmen</translation>
  </message>
  <message>
   <source>Presets (*.json)</source>
   <translation>Vorlagen (*.json)</translation>
  </message>
  <message>
   <source>Export the preset</source>
   <translation>Die Vorlage exportieren</translation>
  </message>
 </context>
 <context>
  <name>PresetHeader</name>
  <message>
   <source>Back to what is saved</source>
   <translation>Zurück zum Gesicherten</translation>
  </message>
  <message>
   <source>Save</source>
   <translation>Sichern</translation>
  </message>
  <message>
   <source>Keep the changes in this preset</source>
   <translation>Die Änderungen in dieser Vorlage behalten</translation>
  </message>
  <message>
   <source>Save as …</source>
   <translation>Sichern als …</translation>
  </message>
  <message>
   <source>Keep this as a preset of your own</source>
   <translation>Als eigene Vorlage behalten</translation>
  </message>
  <message>
   <source>Rename …</source>
   <translation>Umbenennen …</translation>
  </message>
  <message>
   <source>Give this preset another name</source>
   <translation>Dieser Vorlage einen anderen Namen geben</translation>
  </message>
  <message>
   <source>Delete</source>
   <translation>Löschen</translation>
  </message>
  <message>
   <source>Delete this preset</source>
   <translation>Diese Vorlage löschen</translation>
  </message>
  <message>
   <source>Name of the preset</source>
   <translation>Name der Vorlage</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Leave the name (Esc)</source>
   <translation>Den Namen verlassen (Esc)</translation>
  </message>
  <message>
   <source>changed</source>
   <translation>geändert</translation>
  </message>
  <message>
   <source>Rename</source>
   <translation>Umbenennen</translation>
  </message>
  <message>
   <source>A preset needs a name.</source>
   <translation>Eine Vorlage braucht einen Namen.</translation>
  </message>
  <message>
   <source>You have a preset {0} already.</source>
   <translation>Es gibt schon eine eigene Vorlage {0}.</translation>
  </message>
 </context>
 <context>
  <name>PresetList</name>
  <message>
   <source>Presets</source>
   <translation>Vorlagen</translation>
  </message>
  <message>
   <source>Import …</source>
   <translation>Übernehmen …</translation>
  </message>
  <message>
   <source>Take a preset's file among your own</source>
   <translation>Die Datei einer Vorlage unter die eigenen nehmen</translation>
  </message>
  <message>
   <source>Export …</source>
   <translation>Exportieren …</translation>
  </message>
  <message>
   <source>Write this preset to a file for somebody else</source>
   <translation>Diese Vorlage für jemand anderen in eine Datei schreiben</translation>
  </message>
 </context>
 <context>
  <name>PresetWorker</name>
  <message>
   <source>{0} was deleted.</source>
   <translation>{0} wurde gelöscht.</translation>
  </message>
  <message>
   <source>Written to {0}.</source>
   <translation>Nach {0} geschrieben.</translation>
  </message>
  <message>
   <source>{0} is among your presets now.</source>
   <translation>{0} ist jetzt unter den eigenen Vorlagen.</translation>
  </message>
 </context>
 <context>
  <name>Presets</name>
  <message>
   <source>{0} more</source>
   <translation>{0} weitere</translation>
  </message>
  <message>
   <source>as the photo</source>
   <translation>wie das Foto</translation>
  </message>
  <message>
   <source>{0} each</source>
   <translation>je {0}</translation>
  </message>
 </context>
 <context>
  <name>ProgramPages</name>
  <message>
   <source>Something did not work: {0}. You can go on.</source>
   <translation>Etwas ging schief: {0}. Es kann weitergehen.</translation>
  </message>
 </context>
 <context>
  <name>ProtectPanel</name>
  <message>
   <source>Mark areas</source>
   <translation>Bereiche markieren</translation>
  </message>
  <message>
   <source>Drag over what must stay whole</source>
   <translation>Über das ziehen, was ganz bleiben muss</translation>
  </message>
  <message>
   <source>Clear</source>
   <translation>Leeren</translation>
  </message>
  <message>
   <source>Remove all protected areas</source>
   <translation>Alle geschützten Bereiche entfernen</translation>
  </message>
  <message>
   <source>Suggestions will not cut a marked area.</source>
   <translation>Vorschläge schneiden markierte Bereiche nicht an.</translation>
  </message>
 </context>
 <context>
  <name>RatioChips</name>
  <message>
   <source>Fewer</source>
   <translation>Weniger</translation>
  </message>
  <message>
   <source>More</source>
   <translation>Mehr</translation>
  </message>
  <message>
   <source>Fewer ratios</source>
   <translation>Weniger Verhältnisse</translation>
  </message>
  <message>
   <source>More ratios</source>
   <translation>Mehr Verhältnisse</translation>
  </message>
 </context>
 <context>
  <name>RatioRows</name>
  <message>
   <source>Files as {0}</source>
   <translation>Dateien als {0}</translation>
  </message>
  <message>
   <source>Another ratio</source>
   <translation>Ein anderes Verhältnis</translation>
  </message>
  <message>
   <source>Other</source>
   <translation>Anderes</translation>
  </message>
  <message>
   <source>Type a ratio such as 10:15 or 1.91 and press Enter</source>
   <translation>Ein Verhältnis wie 10:15 oder 1.91 eintippen und Eingabe drücken</translation>
  </message>
  <message>
   <source>Choose a ratio.</source>
   <translation>Ein Verhältnis wählen.</translation>
  </message>
 </context>
 <context>
  <name>RatioSlider</name>
  <message>
   <source>Ratio</source>
   <translation>Verhältnis</translation>
  </message>
  <message>
   <source>Drag to change the ratio; candidates follow</source>
   <translation>Ziehen ändert das Verhältnis; Vorschläge folgen</translation>
  </message>
 </context>
 <context>
  <name>RecentMenu</name>
  <message>
   <source>Open recent</source>
   <translation>Zuletzt geöffnet</translation>
  </message>
  <message>
   <source>Nothing opened yet</source>
   <translation>Noch nichts geöffnet</translation>
  </message>
  <message>
   <source>Clear the list</source>
   <translation>Liste leeren</translation>
  </message>
 </context>
 <context>
  <name>ReviewBar</name>
  <message>
   <source>Review</source>
   <translation>Durchsicht</translation>
  </message>
  <message>
   <source>Accept</source>
   <translation>Annehmen</translation>
  </message>
  <message>
   <source>Accept the crop and go on</source>
   <translation>Den Ausschnitt annehmen und weiter</translation>
  </message>
  <message>
   <source>Next candidate</source>
   <translation>Nächster Vorschlag</translation>
  </message>
  <message>
   <source>Take the next candidate</source>
   <translation>Den nächsten Vorschlag nehmen</translation>
  </message>
  <message>
   <source>Reject</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <source>Reject the result and go on</source>
   <translation>Das Ergebnis verwerfen und weiter</translation>
  </message>
  <message>
   <source>Write accepted</source>
   <translation>Angenommene schreiben</translation>
  </message>
  <message>
   <source>Write to new files</source>
   <translation>In neue Dateien schreiben</translation>
  </message>
  <message>
   <source>Leave</source>
   <translation>Verlassen</translation>
  </message>
  <message>
   <source>Leave the review</source>
   <translation>Die Durchsicht verlassen</translation>
  </message>
  <message>
   <source>Write</source>
   <translation>Schreiben</translation>
  </message>
 </context>
 <context>
  <name>ReviewMode</name>
  <message>
   <source>Write {0} accepted</source>
   <translation>{0} angenommene schreiben</translation>
  </message>
  <message>
   <source>Write {0} again</source>
   <translation>{0} erneut schreiben</translation>
  </message>
  <message>
   <source>Write accepted</source>
   <translation>Angenommene schreiben</translation>
  </message>
  <message>
   <source>Accept</source>
   <translation>Annehmen</translation>
  </message>
  <message>
   <source>Reject</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <source>All results are decided.</source>
   <translation>Alle Ergebnisse sind entschieden.</translation>
  </message>
  <message>
   <source>Write</source>
   <translation>Schreiben</translation>
  </message>
  <message>
   <source>Nothing is accepted yet.</source>
   <translation>Noch nichts ist angenommen.</translation>
  </message>
  <message>
   <source>Review left.</source>
   <translation>Durchsicht verlassen.</translation>
  </message>
  <message>
   <source>Back to review</source>
   <translation>Zurück zur Durchsicht</translation>
  </message>
  <message>
   <source>confidence {0} %</source>
   <translation>Sicherheit {0} %</translation>
  </message>
  <message>
   <source>accepted {0}, rejected {1}</source>
   <translation>angenommen {0}, verworfen {1}</translation>
  </message>
  <message>
   <source>Review  {0} of {1}</source>
   <translation>Durchsicht  {0} von {1}</translation>
  </message>
 </context>
 <context>
  <name>ReviewSession</name>
  <message>
   <source>Accepted and not written yet: {0}.</source>
   <translation>Angenommen und noch nicht geschrieben: {0}.</translation>
  </message>
  <message>
   <source>Not decided: {0}.</source>
   <translation>Nicht entschieden: {0}.</translation>
  </message>
 </context>
 <context>
  <name>RunningBatch</name>
  <message>
   <source>Looking for crops …</source>
   <translation>Ausschnitte werden gesucht …</translation>
  </message>
  <message>
   <source>Starting …</source>
   <translation>Beginnt …</translation>
  </message>
  <message>
   <source>Finishing the files in hand …</source>
   <translation>Die Dateien in Arbeit werden fertig …</translation>
  </message>
  <message>
   <source>A batch is running. Close again to stop it; the next start offers the rest.</source>
   <translation>Ein Stapel läuft. Erneut schließen, um ihn zu beenden; der nächste Start bietet den Rest an.</translation>
  </message>
  <message>
   <source>Crops are being found for a review. Close again to give them up.</source>
   <translation>Ausschnitte für eine Durchsicht werden gesucht. Erneut schließen, um sie aufzugeben.</translation>
  </message>
  <message>
   <source>Paused</source>
   <translation>Angehalten</translation>
  </message>
  <message>
   <source>Going on …</source>
   <translation>Geht weiter …</translation>
  </message>
  <message>
   <source>Paused at {0} of {1}</source>
   <translation>Angehalten bei {0} von {1}</translation>
  </message>
  <message>
   <source>{0} of {1}</source>
   <translation>{0} von {1}</translation>
  </message>
  <message>
   <source>{0} photos a second</source>
   <translation>{0} Fotos je Sekunde</translation>
  </message>
  <message>
   <source>less than a minute left</source>
   <translation>noch weniger als eine Minute</translation>
  </message>
  <message>
   <source>about {0} min left</source>
   <translation>noch etwa {0} Min.</translation>
  </message>
  <message>
   <source>about {0} h {1} min left</source>
   <translation>noch etwa {0} Std. {1} Min.</translation>
  </message>
  <message>
   <source>{0} were there already</source>
   <translation>{0} waren schon da</translation>
  </message>
  <message>
   <source>the rest was cancelled</source>
   <translation>der Rest wurde abgebrochen</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Erneut versuchen</translation>
  </message>
  <message>
   <source>Open report</source>
   <translation>Bericht öffnen</translation>
  </message>
  <message>
   <source>Show folder</source>
   <translation>Ordner zeigen</translation>
  </message>
  <message>
   <source>Write these crops for Lightroom, darktable, RawTherapee</source>
   <translation>Diese Ausschnitte für Lightroom, darktable, RawTherapee schreiben</translation>
  </message>
  <message>
   <source>Other editors …</source>
   <translation>Andere Programme …</translation>
  </message>
  <message>
   <source>No crops were found.</source>
   <translation>Keine Ausschnitte gefunden.</translation>
  </message>
  <message>
   <source>Review</source>
   <translation>Durchsicht</translation>
  </message>
  <message>
   <source>Resume</source>
   <translation>Fortsetzen</translation>
  </message>
  <message>
   <source>Discard</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <source>Another batch is at work; this one can go on after it.</source>
   <translation>Ein anderer Stapel arbeitet noch; dieser kann danach weitergehen.</translation>
  </message>
 </context>
 <context>
  <name>SearchThread</name>
  <message>
   <source>The batch stopped ({0}).</source>
   <translation>Der Stapel hielt an ({0}).</translation>
  </message>
 </context>
 <context>
  <name>Session</name>
  <message>
   <source>The open photos cannot be remembered for the next start. {0}</source>
   <translation>Die geöffneten Fotos lassen sich für den nächsten Start nicht merken. {0}</translation>
  </message>
  <message>
   <source>and {0} more</source>
   <translation>und {0} weitere</translation>
  </message>
  <message>
   <source>Not there any more, so not opened again: {0}.</source>
   <translation>Nicht mehr da, darum nicht wieder geöffnet: {0}.</translation>
  </message>
 </context>
 <context>
  <name>SheetHeader</name>
  <message>
   <source>Search by name</source>
   <translation>Nach Namen suchen</translation>
  </message>
  <message>
   <source>Size of the thumbnails</source>
   <translation>Größe der Vorschaubilder</translation>
  </message>
  <message>
   <source>Back to the photo (G)</source>
   <translation>Zurück zum Foto (G)</translation>
  </message>
  <message>
   <source>{0} of {1}</source>
   <translation>{0} von {1}</translation>
  </message>
 </context>
 <context>
  <name>SheetView</name>
  <message>
   <source>Contact sheet</source>
   <translation>Kontaktbogen</translation>
  </message>
 </context>
 <context>
  <name>ShortcutsPage</name>
  <message>
   <source>Keys</source>
   <translation>Tasten</translation>
  </message>
  <message>
   <source>Search keys and what they do</source>
   <translation>Tasten und ihre Wirkung suchen</translation>
  </message>
  <message>
   <source>Search keys</source>
   <translation>Tasten suchen</translation>
  </message>
  <message>
   <source>Nothing found for “{0}”.</source>
   <translation>Nichts gefunden für „{0}“.</translation>
  </message>
 </context>
 <context>
  <name>SidecarSync</name>
  <message>
   <source>Read again</source>
   <translation>Neu lesen</translation>
  </message>
  <message>
   <source>{0}: a later crop of it is in {1}.</source>
   <translation>{0}: {1} enthält einen späteren Ausschnitt.</translation>
  </message>
 </context>
 <context>
  <name>SizeFields</name>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>All pixels</source>
   <translation>Alle Pixel</translation>
  </message>
  <message>
   <source>Long side</source>
   <translation>Lange Seite</translation>
  </message>
  <message>
   <source>Short side</source>
   <translation>Kurze Seite</translation>
  </message>
  <message>
   <source>Exact</source>
   <translation>Genau</translation>
  </message>
  <message>
   <source>Megapixels</source>
   <translation>Megapixel</translation>
  </message>
  <message>
   <source>Print</source>
   <translation>Druck</translation>
  </message>
  <message>
   <source>Width or side in pixels</source>
   <translation>Breite oder Seite in Pixeln</translation>
  </message>
  <message>
   <source>Height in pixels</source>
   <translation>Höhe in Pixeln</translation>
  </message>
  <message>
   <source>Size, typed</source>
   <translation>Größe, getippt</translation>
  </message>
  <message>
   <source>{0}: {1} of the crop's pixels per inch</source>
   <translation>{0}: {1} Pixel des Ausschnitts pro Zoll</translation>
  </message>
  <message>
   <source>Below {0} a print looks soft.</source>
   <translation>Unter {0} wirkt ein Druck weich.</translation>
  </message>
  <message>
   <source>Larger than the crop ({0} × {1}): enlarged {2} times.</source>
   <translation>Größer als der Ausschnitt ({0} × {1}): {2}-fach vergrößert.</translation>
  </message>
  <message>
   <source>Of another ratio than the crop: {0} % of it are trimmed, as hatched on the photo.</source>
   <translation>Anderes Verhältnis als der Ausschnitt: {0} % davon fallen weg, auf dem Foto schraffiert.</translation>
  </message>
  <message>
   <source>How many million pixels, such as 12 or 2.5</source>
   <translation>Wie viele Millionen Pixel, etwa 12 oder 2,5</translation>
  </message>
  <message>
   <source>The paper and its pixels per inch: 10x15 cm, A4, 8x10 in@300</source>
   <translation>Das Papier und seine Pixel pro Zoll: 10x15 cm, A4, 8x10 in@300</translation>
  </message>
 </context>
 <context>
  <name>Sizes</name>
  <message>
   <source>{0} MP</source>
   <translation>{0} MP</translation>
  </message>
  <message>
   <source>{0} short</source>
   <translation>kurze Seite {0}</translation>
  </message>
  <message>
   <source>{0} long</source>
   <translation>lange Seite {0}</translation>
  </message>
 </context>
 <context>
  <name>SpinBox</name>
  <message>
   <source>{0} is no whole number from {1} to {2}.</source>
   <translation>{0} ist keine ganze Zahl von {1} bis {2}.</translation>
  </message>
 </context>
 <context>
  <name>StackCrops</name>
  <message>
   <source>This photo is in no stack.</source>
   <translation>Dieses Foto gehört zu keinem Stapel.</translation>
  </message>
  <message>
   <source>Crop stack alike</source>
   <translation>Stapel gleich zuschneiden</translation>
  </message>
  <message>
   <source>The subject was not found in {0}: same place.</source>
   <translation>In {0} wurde das Motiv nicht gefunden: gleiche Stelle.</translation>
  </message>
 </context>
 <context>
  <name>StraightenPanel</name>
  <message>
   <source>Auto</source>
   <translation>Auto</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Leave the straighten tool (Enter)</source>
   <translation>Das Geraderichten verlassen (Eingabe)</translation>
  </message>
  <message>
   <source>Drag a line along what should be level or plumb.</source>
   <translation>Eine Linie entlang dem ziehen, was waagrecht oder senkrecht sein soll.</translation>
  </message>
  <message>
   <source>Auto {0}</source>
   <translation>Auto {0}</translation>
  </message>
  <message>
   <source>Level by the photo's own lines: {0} % sure</source>
   <translation>Nach den Linien des Fotos ausrichten: zu {0} % sicher</translation>
  </message>
  <message>
   <source>The photo's lines do not agree well: {0} % sure, so have a look</source>
   <translation>Die Linien des Fotos stimmen nicht überein: zu {0} % sicher, bitte prüfen</translation>
  </message>
  <message>
   <source>Level already, by the photo's own lines</source>
   <translation>Nach den Linien im Foto schon gerade</translation>
  </message>
  <message>
   <source>No lines to level by</source>
   <translation>Keine Linien zum Ausrichten</translation>
  </message>
  <message>
   <source>Looking for lines to level by …</source>
   <translation>Linien zum Ausrichten werden gesucht …</translation>
  </message>
 </context>
 <context>
  <name>StraightenTool</name>
  <message>
   <source>Cancel straightening</source>
   <translation>Geraderichten abbrechen</translation>
  </message>
  <message>
   <source>Straighten by {0}</source>
   <translation>Um {0} gerade richten</translation>
  </message>
 </context>
 <context>
  <name>Suggester</name>
  <message>
   <source>(best {0})</source>
   <translation>(beste {0})</translation>
  </message>
  <message>
   <source>Working on the CPU: {0}</source>
   <translation>Es rechnet die CPU: {0}</translation>
  </message>
  <message>
   <source>No suggestions: {0}</source>
   <translation>Keine Vorschläge: {0}</translation>
  </message>
 </context>
 <context>
  <name>ThemeMenu</name>
  <message>
   <source>Theme</source>
   <translation>Farben</translation>
  </message>
  <message>
   <source>Like the system</source>
   <translation>Wie das System</translation>
  </message>
  <message>
   <source>Dark</source>
   <translation>Dunkel</translation>
  </message>
  <message>
   <source>Light</source>
   <translation>Hell</translation>
  </message>
 </context>
 <context>
  <name>UnfinishedReviews</name>
  <message>
   <source>The review of {0} was not finished.</source>
   <translation>Die Durchsicht von {0} wurde nicht beendet.</translation>
  </message>
  <message>
   <source>Go on</source>
   <translation>Weitermachen</translation>
  </message>
  <message>
   <source>Discard</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <source>{0} photos of the review cannot be read and are left out.</source>
   <translation>{0} Fotos der Durchsicht können nicht gelesen werden und bleiben weg.</translation>
  </message>
 </context>
 <context>
  <name>WelcomePage</name>
  <message>
   <source>Open photos</source>
   <translation>Fotos öffnen</translation>
  </message>
  <message>
   <source>Open …</source>
   <translation>Öffnen …</translation>
  </message>
  <message>
   <source>Open folder …</source>
   <translation>Ordner öffnen …</translation>
  </message>
  <message>
   <source>Sample photos</source>
   <translation>Beispielfotos</translation>
  </message>
  <message>
   <source>Try Cropsight with photos painted by code</source>
   <translation>Cropsight mit gemalten Fotos ausprobieren</translation>
  </message>
  <message>
   <source>Drop photos or a folder here</source>
   <translation>Fotos oder einen Ordner hierher ziehen</translation>
  </message>
  <message>
   <source>JPEG, PNG, WebP, TIFF, AVIF, HEIC. Originals are never changed.</source>
   <translation>JPEG, PNG, WebP, TIFF, AVIF, HEIC. Originale bleiben unverändert.</translation>
  </message>
  <message>
   <source>Or begin with one of these</source>
   <translation>Oder mit einem von diesen beginnen</translation>
  </message>
  <message>
   <source>Open the sample photo of a boat</source>
   <translation>Das Beispielfoto mit dem Boot öffnen</translation>
  </message>
  <message>
   <source>Open the sample photo of an evening</source>
   <translation>Das Beispielfoto vom Abend öffnen</translation>
  </message>
  <message>
   <source>Open the sample photo of oranges</source>
   <translation>Das Beispielfoto mit den Orangen öffnen</translation>
  </message>
 </context>
 <context>
  <name>WhyController</name>
  <message>
   <source>There are no reasons without the engine.</source>
   <translation>Ohne die Engine gibt es keine Gründe.</translation>
  </message>
 </context>
 <context>
  <name>WhyPanel</name>
  <message>
   <source>Back to the crop (Esc)</source>
   <translation>Zurück zum Ausschnitt (Esc)</translation>
  </message>
  <message>
   <source>Why this crop</source>
   <translation>Warum dieser Ausschnitt</translation>
  </message>
  <message>
   <source>Share of the gaze inside the crop</source>
   <translation>Anteil der Blicke im Ausschnitt</translation>
  </message>
  <message>
   <source>Gaze</source>
   <translation>Blicke</translation>
  </message>
  <message>
   <source>One moment …</source>
   <translation>Einen Moment …</translation>
  </message>
  <message>
   <source>Bright: what the crop gains from most. Strongest part: {0}.</source>
   <translation>Hell: wovon der Ausschnitt am meisten gewinnt. Stärkster Teil: {0}.</translation>
  </message>
  <message>
   <source>{0} of the gaze lies inside.</source>
   <translation>{0} der Blicke liegen innen.</translation>
  </message>
  <message>
   <source>Left</source>
   <translation>Links</translation>
  </message>
  <message>
   <source>Top</source>
   <translation>Oben</translation>
  </message>
  <message>
   <source>Right</source>
   <translation>Rechts</translation>
  </message>
  <message>
   <source>Bottom</source>
   <translation>Unten</translation>
  </message>
  <message>
   <source>Cut by the borders:</source>
   <translation>Von den Rändern geschnitten:</translation>
  </message>
  <message>
   <source>{0} border</source>
   <translation>Rand: {0}</translation>
  </message>
  <message>
   <source>Share of the gaze that the border cuts</source>
   <translation>Anteil der Blicke, die der Rand schneidet</translation>
  </message>
  <message>
   <source>Rank by each method</source>
   <translation>Rang je Verfahren</translation>
  </message>
  <message>
   <source>Rank</source>
   <translation>Rang</translation>
  </message>
  <message>
   <source>Among {0} crops: this one and the candidates.</source>
   <translation>Unter {0} Ausschnitten: diesem und den Vorschlägen.</translation>
  </message>
  <message>
   <source>{0} of {1}</source>
   <translation>{0} von {1}</translation>
  </message>
  <message>
   <source>Its own score: {0}</source>
   <translation>Eigene Wertung: {0}</translation>
  </message>
 </context>
 <context>
  <name>WhyPicture</name>
  <message>
   <source>What the crop gains from where</source>
   <translation>Was der Ausschnitt wo gewinnt</translation>
  </message>
 </context>
 <context>
  <name>WindowCommands</name>
  <message>
   <source>Open photos</source>
   <translation>Fotos öffnen</translation>
  </message>
  <message>
   <source>Photos ({0});;All files (*)</source>
   <translation>Fotos ({0});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Open a folder</source>
   <translation>Einen Ordner öffnen</translation>
  </message>
  <message>
   <source>No program could be started for {0}.</source>
   <translation>Für {0} ließ sich kein Programm starten.</translation>
  </message>
  <message>
   <source>Open photos in</source>
   <translation>Fotos öffnen in</translation>
  </message>
  <message>
   <source>All photos are decided.</source>
   <translation>Alle Fotos sind entschieden.</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>Wiederholen</translation>
  </message>
  <message>
   <source>Aspect {0}</source>
   <translation>Verhältnis {0}</translation>
  </message>
  <message>
   <source>Tightness</source>
   <translation>Enge</translation>
  </message>
  <message>
   <source>Accepted. This was the last photo.</source>
   <translation>Angenommen. Das war das letzte Foto.</translation>
  </message>
 </context>
 <context>
  <name>WindowParts</name>
  <message>
   <source>Also for</source>
   <translation>Auch für</translation>
  </message>
  <message>
   <source>Numbers</source>
   <translation>Zahlen</translation>
  </message>
  <message>
   <source>Method</source>
   <translation>Verfahren</translation>
  </message>
  <message>
   <source>Heads and text</source>
   <translation>Köpfe und Text</translation>
  </message>
  <message>
   <source>Protect</source>
   <translation>Schützen</translation>
  </message>
  <message>
   <source>Straighten</source>
   <translation>Gerade richten</translation>
  </message>
 </context>
 <context>
  <name>WorkNotices</name>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
 </context>
 <context>
  <name>_LineButton</name>
  <message>
   <source>score {0}</source>
   <translation>Wertung {0}</translation>
  </message>
  <message>
   <source>Take this crop in hand (Shift+N: the next)</source>
   <translation>Diesen Ausschnitt zur Hand nehmen (Umschalt+N: den nächsten)</translation>
  </message>
 </context>
 <context>
  <name>_PresetModel</name>
  <message>
   <source>your own</source>
   <translation>eigene</translation>
  </message>
  <message>
   <source>comes with Cropsight</source>
   <translation>von Cropsight</translation>
  </message>
 </context>
 <context>
  <name>_Row</name>
  <message>
   <source>Size of {0} in pixels</source>
   <translation>Größe von {0} in Pixel</translation>
  </message>
  <message>
   <source>The crop's own pixels</source>
   <translation>Die Pixel des Ausschnitts</translation>
  </message>
  <message>
   <source>Exact, such as 1080x1350, or the long side alone: 2048</source>
   <translation>Genau, etwa 1080x1350, oder nur die lange Seite: 2048</translation>
  </message>
  <message>
   <source>Without {0}</source>
   <translation>Ohne {0}</translation>
  </message>
 </context>
</TS>
