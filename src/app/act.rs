//! Draining the queue: one line per action.

use super::App;
use super::queue::Action;
use super::session::Place;
use crate::edit::ops;

impl App {
    /// Does everything that views asked for, and what that asked for in turn.
    pub(crate) fn drain_queue(&mut self) {
        for _ in 0..100 {
            let actions = self.queue.take();
            if actions.is_empty() {
                return;
            }
            actions.into_iter().for_each(|action| self.act(action));
        }
    }

    /// Does one thing.
    pub(crate) fn act(&mut self, action: Action) {
        match action {
            Action::Run(command) => self.run_command(command),
            Action::SelectMark(mark) => self.select_mark(mark),
            Action::GoToMark(mark) => self.go_to_mark(mark),
            Action::OfferMarks { marks, at } => self.panels.offer_marks(marks, at),
            Action::FinishSelection => self.finish_selection(),
            Action::AddSelectionToMark => self.add_selection_to_mark(),
            Action::MoveEdge { mark, edge, to } => self.move_edge(mark, edge, to),
            Action::GiveLabel(label) => self.give_label(&label),
            Action::ToggleLock(label) => self.toggle_lock(label),
            Action::UseRole(role) => self.use_role(&role),
            Action::UseAttribute(key) => self.use_attribute(&key),
            Action::OpenOffer(purpose) => self.open_offer(purpose),
            Action::CloseOffer => self.close_offer(),
            Action::TakeChoice(index) => self.take_choice(index),
            Action::SearchOffer(typed) => self.search_offer(typed),
            Action::FillFrom(mark) => self.fill_offered_from(mark),
            Action::FillFromSelection => self.fill_offered_from_selection(),
            Action::OpenRelate(label) => self.open_relate(label),
            Action::Relate { from, to, label } => self.relate(from, to, label),
            Action::SelectRelation(relation) => self.select_relation(relation),
            Action::GoToRelation(relation) => self.go_to_relation(relation),
            Action::GoToNode(node) => self.go_to_node(node),
            Action::SetRelationType(relation, label) => self.change_sheet(|state, key| ops::set_relation_type(state, key, relation, &label)),
            Action::ReverseRelation(relation) => self.change_sheet(|state, key| ops::reverse_relation(state, key, relation)),
            Action::DeleteRelation(relation) => self.change_sheet(|state, key| ops::delete_relation(state, key, relation)),
            Action::GoToProblem(finding) => self.go_to_problem(&finding),
            Action::FixProblem(finding) => self.fix_problem(&finding),
            Action::FixAllProblems => self.fix_all_problems(),
            Action::IgnoreProblem(finding, is_ignored) => self.ignore_problem(&finding, is_ignored),
            Action::ShowProblems(shown) => self.panels.problems.shown = shown,
            Action::EmptyRole { claim, role, filler } => self.change_sheet(|state, key| ops::empty_role(state, key, claim, &role, &filler)),
            Action::SelectEntity(entity) => self.select_entity(entity),
            Action::DuplicateClaim(claim) => self.duplicate_claim(claim),
            Action::RemoveOccurrence { claim, index } => self.change_sheet(|state, key| ops::remove_occurrence(state, key, claim, index)),
            Action::SplitClaim(claim) => self.split_claim(claim),
            Action::SpanIntoContent(span) => self.span_into_content(span),
            Action::ContentIntoSpan { claim, label } => self.content_into_span(claim, &label),
            Action::Codebook(action) => self.act_on_codebook(action),
            Action::SetKeys { command, keys } => self.set_keys(command, keys),
            Action::SetEntityField { entity, field, text } => self.set_entity_field(entity, field, &text),
            Action::RetypeEntity(entity, label) => self.change(|state| ops::edit_entity(state, entity, |row| row.label = label)),
            Action::MergeEntities { winner, losers } => self.merge_entities(winner, &losers),
            Action::FindDuplicates => self.find_duplicates(),
            Action::UnmergeEntity(loser) => self.unmerge_entity(loser),
            Action::SplitEntity { entity, uses, name } => self.split_entity(entity, &uses, &name),
            Action::DeleteEntity { entity, sheets } => self.delete_entity(entity, &sheets),
            Action::LookFor(typed) => self.look_for(typed),
            Action::SetScope(scope) => self.set_concordance_scope(scope),
            Action::SetSearchCase(case) => self.set_concordance_case(case),
            Action::SortLines(order) => self.sort_lines(order),
            Action::SetStatus(status) => self.set_status(status),
            Action::SetAttribute { owner, key, value } => self.change_sheet(|state, sheet| ops::set_attribute(state, sheet, owner, &key, value)),
            Action::SetWords { words, text } => self.set_words(words, &text),
            Action::SetFields { id, fields } => self.change(|state| ops::edit_document(state, &id, |document| *document = *fields)),
            Action::CorrectText(correction, emptied) => self.correct_text(&correction, emptied),
            Action::SetFieldsOfMany { ids, changes } => self.set_fields_of_many(&ids, &changes),
            Action::FieldsFromNames { ids, pattern, underscores } => self.fields_from_names(&ids, &pattern, underscores),
            Action::OpenAt(id, mark) => self.open_at(&id, Place::Mark(mark)),
            Action::OpenDocument(id) => self.open_document(&id),
            Action::Trash(id) => self.trash_document(&id),
            Action::Restore(id) => self.restore_document(&id),
            Action::OpenPaths(paths) => self.open_paths(paths),
            Action::OpenAs { dir, who } => self.open_as(dir, who),
            Action::AddText { title, text } => self.add_text(title, text),
            Action::AddImport(read) => self.add_import(*read),
            Action::LookAtFiles { paths, encoding } => self.look_at_files(paths, encoding),
            Action::PreviewImport { paths, choice } => self.preview_import(paths, choice),
            Action::Import { paths, choice } => self.import_files(paths, choice),
            Action::SetCoder(name) => self.set_coder(name),
            Action::CreateProject { dir, template, first } => self.create_project(dir, template, first),
            Action::SaveAs(dir) => self.save_project_as(dir),
            Action::PlanExport(choice) => self.plan_export(choice),
            Action::Export(choice) => self.export(choice),
            Action::Find(needle) => self.search(&needle),
            Action::KeepMine => self.keep_mine(),
            Action::TakeTheirs => self.take_theirs(),
            Action::CompareState(project, state) => self.compare_state(*project, state),
            Action::CopyState { project, state, target } => self.copy_state(*project, state, target),
            Action::RestoreState(state) => self.restore_state(state),
            Action::ShowSide(tab) => self.show_side(tab),
            Action::ReadGuidelines => self.read_guidelines(),
            Action::SaveGuidelines => self.save_guidelines(),
            Action::ToggleRegion(kind) => self.toggle_region(kind),
            Action::SetRegions(regions) => self.set_regions(&regions),
            Action::ClearRegion(range) => self.clear_region(range),
            Action::RejectRegion(region) => self.reject_region(&region),
            Action::GoToPlace(place) => self.go_to_place(place),
            Action::LookAtCodebook(path) => self.look_at_codebook(path),
            Action::PlanCodebook => self.plan_codebook(),
            Action::AdoptCodebook(plan) => self.adopt_codebook(&plan),
            Action::ExportCodebook(path) => self.export_codebook(path),
            Action::ExportActivity(path) => self.export_activity(path),
        }
    }

    fn run_command(&mut self, command: &'static super::command::Command) {
        if command.is_enabled(self) {
            (command.run)(self);
        }
    }
}
